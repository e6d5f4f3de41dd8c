import t from 'tap'
import { parseDisplayName, type DisplayNameOutcome } from '../../src/accounts/parse-display-name.js'

t.test('nearly everything that stays in its place is a name', async (t) => {
  const names: [typed: string, displayName: string][] = [
    ['Ada', 'Ada'],
    ['  Ada \t King,\u00a0Countess ', 'Ada King, Countess'],
    ["Miles O'Brien (he/him)", "Miles O'Brien (he/him)"],
    ['Ａｄａ', 'Ada'],
    ['Zoe\u0308', 'Zoë'],
    ['鍵 さん', '鍵 さん'],
    ['नमस्ते', 'नमस्ते'],
    ['สวัสดี', 'สวัสดี'],
    ['שָׁלוֹם', 'שָׁלוֹם'.normalize('NFKC')],
    ['👩‍🔬', '👩‍🔬'],
    ['🏳️‍🌈 Ada', '🏳️‍🌈 Ada'],
    ['مهر\u200cانگیز', 'مهر\u200cانگیز'],
    ['<b>', '<b>'],
    ['x'.repeat(64), 'x'.repeat(64)],
    ['🔑'.repeat(64), '🔑'.repeat(64)],
  ]
  for (const [typed, displayName] of names) {
    t.strictSame(parseDisplayName(typed), { kind: 'valid', displayName }, typed)
    t.strictSame(parseDisplayName(displayName), { kind: 'valid', displayName }, `${typed} again`)
  }
})

t.test('every reason against a name', async (t) => {
  const refusals: [typed: string, outcome: DisplayNameOutcome][] = [
    ['', { kind: 'empty' }],
    [' \u3000 ', { kind: 'empty' }],
    ['x'.repeat(65), { kind: 'tooLong', maximum: 64 }],
    ['x'.repeat(5_000_000), { kind: 'tooLong', maximum: 64 }],
    ['\ufdfa'.repeat(10), { kind: 'tooLong', maximum: 64 }],
    ['a\0b', { kind: 'unreadable' }],
    ['a\nb', { kind: 'unreadable' }],
    ['a\u2028b', { kind: 'unreadable' }],
    ['a\ufffdb', { kind: 'unreadable' }],
    ['a\ud800b', { kind: 'unreadable' }],
    ['\u202egro.elpmaxe', { kind: 'unreadable' }],
    ['a\u2067b', { kind: 'unreadable' }],
    ['\u200b', { kind: 'unreadable' }],
    ['\u2060\u00ad', { kind: 'unreadable' }],
    ['A\u00adda', { kind: 'unreadable' }],
    ['A\u2060da', { kind: 'unreadable' }],
    ['A\ufeffda', { kind: 'unreadable' }],
    ['A\u200bda', { kind: 'unreadable' }],
    ['Ada\u{e0041}', { kind: 'unreadable' }],
    ['\u200dAda', { kind: 'unreadable' }],
    ['Ada\u200d', { kind: 'unreadable' }],
    ['Ada\u200c King', { kind: 'unreadable' }],
    ['Ada \u200cKing', { kind: 'unreadable' }],
    ['A\u200c\u200dda', { kind: 'unreadable' }],
    [`a${'\u0334'.repeat(5)}`, { kind: 'unreadable' }],
  ]
  for (const [index, [typed, outcome]] of refusals.entries())
    t.strictSame(parseDisplayName(typed), outcome, `case ${index}`)
})
