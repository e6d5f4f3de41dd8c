import type { RefusedStep } from '../second-factor/shown-step.js'
import { wordWrongCode } from '../second-factor/word-wrong-code.js'
import type { Notice } from '../sign-in/notice.js'
import { wordRefusal } from '../sign-in/word-refusal.js'
import type { RecoveryCodeRefusal } from './recovery-code-step.js'

/** Says why a recovery code did not let somebody in, and what to do. */
export function wordRecoveryCodeRefusal({
  refusal,
  count,
}: RefusedStep<RecoveryCodeRefusal>): Notice<'code'> {
  switch (refusal.kind) {
    case 'unreadable':
      return wordWrongCode('A recovery code has 24 letters and digits. Dashes make no difference.', count)
    case 'wrong':
      return wordWrongCode('This is none of your recovery codes, or it has been used.', count)
    case 'used':
      return wordWrongCode(
        'This recovery code has just been used. Each counts once: take another one.',
        count,
      )
    case 'coolingDown':
    case 'addressCoolingDown':
    case 'locked':
      return wordRefusal(refusal)
  }
}
