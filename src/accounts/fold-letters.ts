/**
 * Letters of one script that a reader cannot tell apart, in pairs: the second stands for both. Found with the
 * confusables of UTS #39 among the letters of `WRITING_SYSTEMS`. Left apart: l, I and 1, O and 0, rn and m,
 * because the names that people really have need them.
 */
const drawnAlike = new Map<string, string>([
  // Latin: Ð and Đ are one drawing; cedilla and comma, caron and breve differ by a pixel.
  ['æ', 'ae'],
  ['ǽ', 'áe'],
  ['œ', 'oe'],
  ...pairs('ðđ şș ţț ǎă ěĕ ǧğ ǐĭ ǒŏ ǔŭ'),
  // Cyrillic: alike as capitals.
  ...pairs('үу ӏі'),
  // Arabic: alike within a word.
  ...pairs('کك یي ىي ېي ےي ہه ھه ەه ںن'),
  ['แ', 'เเ'],
  // Kana beside other kana and Han.
  ...pairs('ヘへ ベべ ペぺ リり イ亻 エ工 オ才 カ力 タ夕 チ千 ト卜 ニ二 ノ丿 ハ八 ヒ匕 ム厶 ロ口 ー一'),
  // Han that differ by the country of the font more than from each other.
  ...pairs(
    '囗口 倂併 値值 啟啓 塡填 壿墫 嬀媯 帲帡 戸戶 晩晚 肦朌 胐朏 脁朓 脧朘 膧朣 柿杮 樧榝 潙溈 硏研 絶絕',
  ),
  ...pairs('腁胼 蔿蒍 虁蘷 詽訮 讏讆 豣豜 趆赿 跺跥 躛躗 輧軿 郞郎 鎮鎭 隸隷 黒黑'),
])

/**
 * Folds letters as they are compared: NFKC, full case folding (ß → ss, ς → σ, K → k; ı and İ → i), and one letter
 * for those of a script that look the same. Follows RFC 8265 (UsernameCaseMapped) and goes further than it.
 *
 * @param text any text; lone surrogates come out as they went in
 * @returns the folded text; where only letters of `WRITING_SYSTEMS` come out, folding again changes nothing
 */
export function foldLetters(text: string): string {
  // Most names: of ASCII no rule but that for capitals changes anything.
  if (/^[ -~]*$/.test(text)) return text.toLowerCase()
  return Array.from(text.normalize('NFKC'), foldLetter).join('').normalize('NFKC')
}

function foldLetter(letter: string): string {
  // Down (for ẞ), up and down again is full case folding; not of whole words, which would get their final ς back.
  const folded = letter.toLowerCase().toUpperCase().toLowerCase().replace('i\u0307', 'i').normalize('NFKC')
  return Array.from(folded, (part) => drawnAlike.get(part) ?? part).join('')
}

function pairs(list: string): (readonly [string, string])[] {
  return list.split(' ').map((pair) => {
    const [letter = '', standsForBoth = ''] = pair
    return [letter, standsForBoth]
  })
}
