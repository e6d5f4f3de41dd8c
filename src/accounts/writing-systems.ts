/** The letters that may stand together in one username, and how they are judged. */
export type WritingSystem = {
  /** Matches one letter or mark in its canonical form (see `foldLetters`), never a capital. */
  letters: RegExp
  /** Matches one letter, small or capital and without accents, that passes for a Latin letter or a hyphen. */
  drawnLikeLatin?: RegExp
  /** The order in which letters and marks make syllables; marks in any other order are hidden or overprinted. */
  syllables?: RegExp
  /** Read from right to left, where a digit in front would be shown behind (RFC 5893, rule 1). */
  rightToLeft?: boolean
}

// Without the extensions' rare Han, and without 〇 because it passes for O.
const han = '々\\u4e00-\\u9fd5'
const hanLikeLatin = /[一丨丶丿工口]/u

const devanagari = {
  vowel: '[अ-ऌएऐऑओऔ]',
  consonant: '[क-नप-रल-ळव-ह]',
  // The three that take in their nukta under NFKC: a second one would lie hidden on the first.
  dottedConsonant: '[\\u0929\\u0931\\u0934]',
  nukta: '\\u093c',
  virama: '\\u094d',
  vowelSign: '[\\u093e-\\u0944\\u0947-\\u0949\\u094b\\u094c]',
  nasalOrBreath: '[\\u0901-\\u0903]',
}

const thai = {
  consonant: '[ก-ฮ]',
  vowel: '[ะาเ-ไ]',
  vowelMark: '[\\u0e31\\u0e34-\\u0e39\\u0e47]',
  tone: '[\\u0e48-\\u0e4b]',
  silencer: '\\u0e4c',
  nikhahit: '\\u0e4d',
}

/**
 * The writing systems of usernames: one script each, except that Japanese and Korean bring their Han along
 * (UTS #39, "highly restrictive" without its Latin, because カ beside k and 一 beside - are look-alikes).
 *
 * The letters are spelt out instead of asked from `\p{Script=…}`: the tables of Node differ between versions,
 * and a stored name must stay a name. All of them are older than Unicode 9, so their case and normal forms are
 * frozen by the Unicode stability policy. Letters for phonetics, mathematics and dead languages are left out.
 * Scripts that are missing (Bengali, Tamil, Ethiopic …) can be added, each with its syllables.
 */
export const WRITING_SYSTEMS: readonly WritingSystem[] = [
  // Latin of the living European, Turkic, Vietnamese and African alphabets and of pinyin; no ĸ, no ɑ ɡ ɩ.
  {
    letters:
      /[a-zà-öø-ÿ\u0101-\u0137\u013a-\u0148\u014b-\u017eƙơưƴǎǐǒǔǖǘǚǜǧǩǫǭǹǻǿșțȟȫȭȯȱȳɓɔɗəɛɲ\u1e01-\u1e99\u1ea1-\u1ef9]/u,
  },
  {
    letters: /[ΐά-ώ]/u,
    drawnLikeLatin: /[αγηικνορτυχωΑΒΕΖΗΙΚΜΝΟΡΤΥΧ]/u,
  },
  {
    letters: /[а-џґғҕҗҙқҡңҥҫұҳҷһӑӓӕӗәӝӟӣӥӧөӯӱӳӵӹ]/u,
    drawnLikeLatin: /[агеоӏпрсуүхһьѕіјАВЕЗЅІЈКМНОРСТУҮХҺӀЬ]/u,
  },
  {
    letters: /[ա-ֆ]/u,
    drawnLikeLatin: /[ագզէլհյոռսցւքօԼՍՏՕ]/u,
  },
  { letters: /[ა-ჰ]/u, drawnLikeLatin: /[იოყძხ]/u },
  { letters: /[א-ת]/u, drawnLikeLatin: /[וטןס]/u, rightToLeft: true },
  {
    // Without vowel points and the stretching tatweel, which change nothing but the look.
    letters: /[ء-غف-يٹٺټپځچڅڈډړڕږژښڤګگڵڼۆۇۈۋۍێ]/u,
    drawnLikeLatin: /[اه]/u,
    rightToLeft: true,
  },
  { letters: anyOf(devanagari), syllables: devanagariSyllables() },
  { letters: anyOf(thai), syllables: thaiSyllables() },
  { letters: new RegExp(`[${han}ぁ-ゖァ-ヺ]`, 'u'), drawnLikeLatin: hanLikeLatin },
  { letters: new RegExp(`[${han}가-힣]`, 'u'), drawnLikeLatin: hanLikeLatin },
]

function anyOf(pieces: Readonly<Record<string, string>>): RegExp {
  return new RegExp(Object.values(pieces).join('|'), 'u')
}

function devanagariSyllables(): RegExp {
  const { vowel, consonant, dottedConsonant, nukta, virama, vowelSign, nasalOrBreath } = devanagari
  const consonants = `(?:${consonant}${nukta}?|${dottedConsonant})`
  // No vowel sign after a vowel: अ + ा looks like आ.
  const spoken = `${consonants}(?:${virama}${consonants})*(?:${virama}|${vowelSign}?${nasalOrBreath}?)`
  return new RegExp(`${vowel}${nasalOrBreath}?|${spoken}`, 'gu')
}

function thaiSyllables(): RegExp {
  const { consonant, vowel, vowelMark, tone, silencer, nikhahit } = thai
  // NFKC makes two of the vowel ำ: nikhahit and า.
  const spoken = `${consonant}${vowelMark}?(?:${silencer}|${tone}?(?:${nikhahit}(?=า))?)`
  return new RegExp(`${spoken}|${vowel}`, 'gu')
}
