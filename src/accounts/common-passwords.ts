// In one string, so that a run is found wherever it starts; digits twice because people count on past 9.
const rows = [
  '01234567890123456789',
  'abcdefghijklmnopqrstuvwxyz',
  'qwertyuiop',
  'qwertzuiop',
  'asdfghjkl',
].join()
const runs = rows + ',' + Array.from(rows).toReversed().join('')

const longestTrivialUnit = 4

/**
 * The passwords that attackers try first: 49,233 from published breaches, and the repetitions and runs that the
 * list leaves out. Knows nothing of the person whose password it is.
 */
export class CommonPasswords {
  #list: Promise<readonly string[]> | undefined

  /**
   * Loads the list, which takes about 20 ms and 2.7 MB once; call it early to have that behind you.
   *
   * @returns the question itself, indifferent to case: is this password common?
   */
  async load(): Promise<(password: string) => boolean> {
    this.#list ??= import('@zxcvbn-ts/language-common').then(
      ({ dictionary }) => dictionary['passwords-common'],
    )
    const list = await this.#list
    return (password) => isCommon(password.toLowerCase(), list)
  }
}

// Searched from end to end: 0.05 ms beside 20 ms of hashing, where a Set would keep another 1.3 MB for good.
function isCommon(password: string, list: readonly string[]): boolean {
  const unit = repeatedUnit(password)
  return (
    list.includes(password) ||
    // One ! at the end is what people add when a site once asked for a special character.
    list.includes(password.replace(/[^\p{L}\p{N}]{1,2}$/u, '')) ||
    runs.includes(password) ||
    (unit !== undefined && isTrivial(unit, list))
  )
}

function isTrivial(unit: string, list: readonly string[]): boolean {
  return unit.length <= longestTrivialUnit || list.includes(unit)
}

/** The shortest text of which the password is nothing but repetitions. */
function repeatedUnit(password: string): string | undefined {
  const period = (password + password).indexOf(password, 1)
  return period < password.length ? password.slice(0, period) : undefined
}
