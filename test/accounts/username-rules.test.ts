import { createHash } from 'node:crypto'
import t from 'tap'
import { canonicalUsername } from '../../src/accounts/canonical-username.js'
import { parseUsername } from '../../src/accounts/parse-username.js'
import type { UsernameOutcome } from '../../src/accounts/username-outcome.js'
import { WRITING_SYSTEMS } from '../../src/accounts/writing-systems.js'

t.test('names of many languages are valid and shown with their capitals', async (t) => {
  const names: [typed: string, canonical: string][] = [
    ['Alice', 'alice'],
    ['anna.b_c-9', 'anna.b_c-9'],
    ['42', '42'],
    ['Nguyễn', 'nguyễn'],
    ['Şükrü', 'șükrü'],
    ['Νίκος', 'νίκοσ'],
    ['Оксана', 'оксана'],
    ['Марк', 'марк'],
    ['Մարիամ', 'մարիամ'],
    ['გიორგი', 'გიორგი'],
    ['דוד12', 'דוד12'],
    ['محمد', 'محمد'],
    ['कार्तिकेय', 'कार्तिकेय'],
    ['लड़कों', 'लड़कों'],
    ['สิทธิ์', 'สิทธิ์'],
    ['佐々木', '佐々木'],
    ['さくらサクラ', 'さくらサクラ'],
    ['김철수', '김철수'],
    ['金철수', '金철수'],
  ]
  for (const [typed, canonical] of names) {
    t.strictSame(parseUsername(typed), { kind: 'valid', username: typed, canonical }, typed)
    t.equal(canonicalUsername(typed), canonical, typed)
  }
})

t.test('white space around a name is dropped', async (t) => {
  for (const typed of ['  Alice ', '\tAlice\r\n', '\u00a0Alice\u3000', '\ufeffAlice']) {
    t.strictSame(parseUsername(typed), { kind: 'valid', username: 'Alice', canonical: 'alice' })
  }
})

t.test('names that look alike have one canonical form', async (t) => {
  const alike = [
    ['alice', 'ALICE', 'ＡＬＩＣＥ', '𝒶𝓁𝒾𝒸ℯ', 'aⅼice', 'ⒶⓁⒾⒸⒺ'],
    ['fiona', 'ﬁona', 'FIONA'],
    ['strasse', 'Straße', 'STRASSE', 'STRAẞE', 'ſtraße', 'ﬆrasse'],
    ['ismail', 'İsmail', 'ısmail', 'ISMAIL'],
    ['kelvin', '\u212aelvin'],
    ['émile', 'ÉMILE', 'e\u0301mile', 'E\u0301MILE'],
    ['ångström', 'A\u030angstro\u0308m', '\u212bngström'],
    ['đan', 'Đan', 'Ðan', 'ðan'],
    ['aesop', 'Æsop', 'æsop'],
    ['ijsbrand', 'ĳsbrand'],
    ['νίκοσ', 'Νίκος', 'ΝΊΚΟΣ', 'νίκοσ'],
    ['фуад', 'фүад', 'ФҮАД'],
    ['فارسي', 'فارسی', 'فارسى'],
    ['カロ', '力口', 'ｶﾛ', 'カロ'],
    ['へいわ', 'ヘいわ'],
    ['가나', '\u1100\u1161\u1102\u1161'],
    ['แมน', 'เเมน'],
    ['id10', 'ID１０', 'id¹⁰'],
  ]
  for (const names of alike) {
    const forms = new Set(names.map(canonicalUsername))
    t.equal(forms.size, 1, names.join(' '))
    t.notOk(forms.has(null), names.join(' '))
  }
})

t.test('names that differ to the eye stay apart', async (t) => {
  const names = [
    'anna',
    'anña',
    'ana',
    'anná',
    'an.na',
    'an-na',
    'an_na',
    'l0',
    'lo',
    '10',
    'ødd',
    'odd',
    'محمد',
    'مخمد',
  ]
  t.equal(new Set(names.map(canonicalUsername)).size, names.length)
})

t.test('every reason against a name', async (t) => {
  const refusals: [typed: string, outcome: UsernameOutcome][] = [
    ['', { kind: 'empty' }],
    [' \t\u3000', { kind: 'empty' }],
    ['a', { kind: 'tooShort', minimum: 2 }],
    ['E\u0301', { kind: 'tooShort', minimum: 2 }],
    ['x'.repeat(33), { kind: 'tooLong', maximum: 32 }],
    ['ß'.repeat(17), { kind: 'tooLong', maximum: 32 }],
    ['\ufdfa'.repeat(100_000), { kind: 'tooLong', maximum: 32 }],
    ['ali\ud800ce', { kind: 'unreadable' }],
    ['ali\ufffdce', { kind: 'unreadable' }],
    ['ali\0ce', { kind: 'unreadable' }],
    ['ali\r\nce', { kind: 'unreadable' }],
    ['ali\u0085ce', { kind: 'unreadable' }],
    ['alice@example.org', forbidden('@')],
    ['alice＠', forbidden('@')],
    ['ali ce', forbidden(' ')],
    ['ali\u2028ce', forbidden('\u2028')],
    ['<b>', forbidden('<')],
    ['../x', forbidden('/')],
    ['ali\u200bce', forbidden('\u200b')],
    ['ali\u200dce', forbidden('\u200d')],
    ['ali\u00adce', forbidden('\u00ad')],
    ['ali\ufe0fce', forbidden('\ufe0f')],
    ['ali\u3164ce', forbidden('\u1160')],
    ['ali\u202ece', forbidden('\u202e')],
    ['ali\u{e0061}ce', forbidden('\u{e0061}')],
    ['ɡoogle', forbidden('ɡ')],
    ['ɑlice', forbidden('ɑ')],
    ['ʟab', forbidden('ʟ')],
    ['ĸarl', forbidden('ĸ')],
    ['alicʼe', forbidden('ʼ')],
    ['aliceˈ', forbidden('ˈ')],
    ['a\u0337b', forbidden('\u0337')],
    ['x\u0302y', forbidden('\u0302')],
    ['i\u0307smail', forbidden('\u0307')],
    ['αβ\u0345', forbidden('\u0345')],
    ['ab٣', forbidden('٣')],
    ['अ३', forbidden('३')],
    ['محـمد', forbidden('ـ')],
    ['ㄅㄆ', forbidden('ㄅ')],
    ['日〇', forbidden('〇')],
    ['ᏚᎢ', forbidden('Ꮪ')],
    ['😀a', forbidden('😀')],
    ['.alice', { kind: 'misplacedPunctuation' }],
    ['alice-', { kind: 'misplacedPunctuation' }],
    ['al__ice', { kind: 'misplacedPunctuation' }],
    ['al.-ice', { kind: 'misplacedPunctuation' }],
    ['alice\u2026b', { kind: 'misplacedPunctuation' }],
    ['12דוד', { kind: 'misplacedDigit' }],
    ['अा', { kind: 'misplacedMark' }],
    ['\u0930\u0941\u0941', { kind: 'misplacedMark' }],
    ['\u0929\u093cक', { kind: 'misplacedMark' }],
    ['กิิ', { kind: 'misplacedMark' }],
    ['ก็่๋', { kind: 'misplacedMark' }],
    ['12\u0e48', { kind: 'misplacedMark' }],
    ['аlice', { kind: 'mixedScripts' }],
    ['gοοgle', { kind: 'mixedScripts' }],
    ['aカ', { kind: 'mixedScripts' }],
    ['ab一', { kind: 'mixedScripts' }],
    ['サ김', { kind: 'mixedScripts' }],
    ['аррӏе', { kind: 'looksLikeAnotherScript' }],
    ['сара1', { kind: 'looksLikeAnotherScript' }],
    ['Рёсе', { kind: 'looksLikeAnotherScript' }],
    ['ΑΝΝΑ', { kind: 'looksLikeAnotherScript' }],
    ['νινα', { kind: 'looksLikeAnotherScript' }],
    ['օսո', { kind: 'looksLikeAnotherScript' }],
    ['ოყ', { kind: 'looksLikeAnotherScript' }],
    ['סוס', { kind: 'looksLikeAnotherScript' }],
    ['اه', { kind: 'looksLikeAnotherScript' }],
    ['1ー2', { kind: 'looksLikeAnotherScript' }],
    ['1一2', { kind: 'looksLikeAnotherScript' }],
  ]
  for (const [typed, outcome] of refusals) {
    t.strictSame(parseUsername(typed), outcome, titleOf(typed))
    t.equal(canonicalUsername(typed), null)
  }
})

t.test('lengths count code points of the canonical form', async (t) => {
  for (const typed of ['ab', 'ẞ', 'x'.repeat(32), 'ß'.repeat(16), '日'.repeat(32)]) {
    t.equal(parseUsername(typed).kind, 'valid', typed)
  }
})

t.test('capitals that pass for Latin are shown small', async (t) => {
  t.strictSame(parseUsername('ТОМ'), { kind: 'valid', username: 'том', canonical: 'том' })
  t.strictSame(parseUsername('Том'), { kind: 'valid', username: 'Том', canonical: 'том' })
  t.strictSame(parseUsername('АННА'), { kind: 'valid', username: 'анна', canonical: 'анна' })
  t.strictSame(parseUsername('ΤΖΙΜ'), { kind: 'valid', username: 'τζιμ', canonical: 'τζιμ' })
})

t.test('folding is stable for every letter, mark and number of Unicode', async (t) => {
  const accepted = createHash('sha256')
  const troubled: string[] = []
  for (let code = 0; code <= 0x2ffff; code++) {
    const character = String.fromCodePoint(code)
    if (!/[\p{L}\p{M}\p{N}]/u.test(character)) continue
    const isMany = /[\p{Script=Han}\p{Script=Hangul}]/u.test(character)
    const neighbours = isMany ? ['十'] : [character, '十', 'ж', 'ก', 'क']
    for (const name of neighbours.map((neighbour) => neighbour + character)) {
      const outcome = parseUsername(name)
      if (outcome.kind !== 'valid') continue
      if (!isStable(name, outcome)) troubled.push(name)
      if (name.normalize('NFKC') === name) accepted.update(`${name}${outcome.canonical}\n`)
    }
  }
  t.strictSame(troubled, [])
  t.equal(
    accepted.digest('hex').slice(0, 16),
    '10dc23531d0aae16',
    'the accepted names are the same under every version of Unicode that Node brings',
  )
})

t.test('folding is stable for 5,000 names put together by chance', async (t) => {
  const next = dice(1)
  const alphabets = WRITING_SYSTEMS.map(({ letters }) => {
    const all = Array.from({ length: 0xffff }, (_, code) => String.fromCodePoint(code))
    return all.filter((letter) => letters.test(letter) || letters.test(letter.toLowerCase()))
  })
  const troubled: string[] = []
  let valid = 0
  for (let round = 0; round < 5_000; round++) {
    const alphabet = alphabets[next(alphabets.length)] ?? []
    const pieces = Array.from({ length: 2 + next(6) }, () => alphabet[next(alphabet.length)] ?? '')
    const name = pieces.join(['', '', '.', '\u0301', '7'][next(5)])
    const outcome = parseUsername(name)
    if (outcome.kind !== 'valid') continue
    valid++
    if (!isStable(name, outcome)) troubled.push(name)
  }
  t.strictSame(troubled, [])
  t.ok(valid > 1_500, 'enough of them are names')
})

function forbidden(character: string): UsernameOutcome {
  return { kind: 'forbiddenCharacter', character }
}

/** Whether all forms of a valid name lead to its canonical form, and the shown form hides no marks. */
function isStable(name: string, { username, canonical }: { username: string; canonical: string }): boolean {
  const forms = [canonical, username, name.normalize('NFC'), name.normalize('NFD'), name.normalize('NFKD')]
  const cases = [username.toLowerCase(), username.toUpperCase()].filter(
    (form) => parseUsername(form).kind === 'valid',
  )
  return (
    [...forms, ...cases].every((form) => canonicalUsername(form) === canonical) &&
    canonical === canonical.normalize('NFKC') &&
    canonical === canonical.toLowerCase().replaceAll('ς', 'σ') &&
    Array.from(canonical).length <= 32 &&
    !/[\p{Cn}\p{Default_Ignorable_Code_Point}\p{Zs}@]/u.test(canonical + username)
  )
}

/** The same numbers at every run (Park and Miller's generator). */
function dice(seed: number): (sides: number) => number {
  let state = seed
  return (sides) => {
    state = (state * 48_271) % 2_147_483_647
    return state % sides
  }
}

/** The typed text without what would break a line of the test report. */
function titleOf(typed: string): string {
  return JSON.stringify(typed.slice(0, 40)).replaceAll(/[^\p{L}\p{M}\p{N}\p{P}\p{S}]/gu, '␣')
}
