/** What a template prints, and the title of its page; never a request's own body or query. */
export type PageValues = {
  title: string
  /** Latchkey's own, for a page that a proxy shows at the address of an app; such a page runs no script. */
  origin?: string
  /**
   * The entry of the navigation that the page belongs to. Every page of somebody who is signed in has navigation, and a
   * visible way to sign out (ASVS 7.4.4); no other has.
   */
  section?: 'dashboard' | 'profile' | 'sessions' | 'events'
  /** `letter` for what is sent by mail, where nothing of a page has a place. */
  layout?: 'page' | 'letter'
  /** Files in `views/assets` that only this page runs. */
  scripts?: readonly string[]
  [name: string]: unknown
}

/**
 * Renders a template of `views/` inside the layout that all pages, or all letters, share.
 *
 * @param template its path without ending, such as `sign-in/login`
 */
export type View = (template: string, values: PageValues) => Promise<string>
