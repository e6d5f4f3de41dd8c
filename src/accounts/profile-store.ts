import type { Queryable } from '../database/queryable.js'

export type Profile = {
  /** What its owner wants to be called; null for the username. */
  displayName: string | null
  /** When the tutorial was finished or closed; null when it is still to be shown. */
  tutorialFinishedAt: Date | null
}

/** The table `profiles`, where every account has a row that `AccountStore.add` has made. */
export class ProfileStore {
  readonly #database: Queryable

  constructor(database: Queryable) {
    this.#database = database
  }

  /** The profile of an account; an empty one when the account is gone. */
  async find(accountId: string): Promise<Profile> {
    const { rows } = await this.#database.query<Profile>({
      name: 'find profile',
      text: `
        select display_name as "displayName", tutorial_finished_at as "tutorialFinishedAt"
        from profiles
        where account_id = $1`,
      values: [accountId],
    })
    return rows[0] ?? { displayName: null, tutorialFinishedAt: null }
  }

  /** @param displayName from `parseDisplayName`; null for the username */
  async setDisplayName(accountId: string, displayName: string | null): Promise<void> {
    await this.#database.query(
      `update profiles
       set display_name = $2
       where account_id = $1`,
      [accountId, displayName],
    )
  }

  /** Notes that the tutorial needs to be shown no more; the first time stays. */
  async finishTutorial(accountId: string, now: Date): Promise<void> {
    await this.#database.query(
      `update profiles
       set tutorial_finished_at = $2
       where account_id = $1
         and tutorial_finished_at is null`,
      [accountId, now],
    )
  }
}
