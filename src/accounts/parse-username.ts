import { foldLetters } from './fold-letters.js'
import type { UsernameOutcome } from './username-outcome.js'
import { WRITING_SYSTEMS, type WritingSystem } from './writing-systems.js'

const minimumLength = 2
const maximumLength = 32

// Checked before any folding, which can make eighteen characters of one.
const maximumTypedLength = 256

/**
 * Judges a username at sign-up and brings it into its two forms. White space around it is dropped.
 *
 * Two names that look alike by case, width, ligature, invisible characters or foreign letters have the same
 * canonical form, or one of them is refused. Follows RFC 8265 (UsernameCaseMapped) narrowed by UTS #39.
 *
 * @param typed what was typed, at any length
 * @returns the name as shown (NFKC, with its capitals) and its canonical form, or the first reason against it;
 * a canonical form is itself a valid name with the same canonical form
 */
export function parseUsername(typed: string): UsernameOutcome {
  const trimmed = typed.trim()
  if (trimmed === '') return { kind: 'empty' }
  if (/[\p{Cc}\p{Cs}\uFFFD]/u.test(trimmed)) return { kind: 'unreadable' }
  if (trimmed.length > maximumTypedLength) return { kind: 'tooLong', maximum: maximumLength }

  const shown = trimmed.normalize('NFKC')
  // Before each character is judged: a few hundred letters may have become thousands. Folding shortens no name by half.
  if (shown.length > 4 * maximumLength) return { kind: 'tooLong', maximum: maximumLength }
  const character = Array.from(shown).find((each) => !isAllowed(each))
  if (character !== undefined) return { kind: 'forbiddenCharacter', character }

  const canonical = foldLetters(shown)
  const length = Array.from(canonical).length
  if (length < minimumLength) return { kind: 'tooShort', minimum: minimumLength }
  if (length > maximumLength) return { kind: 'tooLong', maximum: maximumLength }
  if (/^[._-]|[._-]$|[._-]{2}/.test(canonical)) return { kind: 'misplacedPunctuation' }

  const system = WRITING_SYSTEMS.find(({ letters }) =>
    lettersOf(canonical).every((each) => letters.test(each)),
  )
  if (!system) return { kind: 'mixedScripts' }
  if (system.syllables && lettersOf(canonical.replaceAll(system.syllables, '')).length > 0) {
    return { kind: 'misplacedMark' }
  }
  if (system.rightToLeft && /^[0-9]/.test(canonical)) return { kind: 'misplacedDigit' }
  if (passesForLatin(canonical, system)) return { kind: 'looksLikeAnotherScript' }

  // Small том is plainly Cyrillic, capital ТОМ is not: such capitals are the only ones that are not kept.
  return { kind: 'valid', username: passesForLatin(shown, system) ? canonical : shown, canonical }
}

function isAllowed(character: string): boolean {
  const folded = foldLetters(character)
  // U+0345 would become a letter by folding, and be shown as a mark on any other.
  if (folded !== character && /\p{M}/u.test(character)) return false
  return lettersOf(folded).every((letter) => WRITING_SYSTEMS.some(({ letters }) => letters.test(letter)))
}

function lettersOf(text: string): string[] {
  return Array.from(text.replaceAll(/[0-9._-]/g, ''))
}

function passesForLatin(name: string, { drawnLikeLatin }: WritingSystem): boolean {
  if (!drawnLikeLatin) return false
  const letters = lettersOf(name.normalize('NFD').replaceAll(/\p{M}/gu, ''))
  return letters.length > 0 && letters.every((letter) => drawnLikeLatin.test(letter))
}
