/** What a template prints, and the title of its page; never a request's own body or query. */
export type PageValues = {
  title: string
  /** Latchkey's own, for a page that a proxy shows at the address of an app; such a page runs no script. */
  origin?: string
  [name: string]: unknown
}

/**
 * Renders a template of `views/` inside the layout that all pages share.
 *
 * @param template its path without ending, such as `sign-in/login`
 */
export type View = (template: string, values: PageValues) => Promise<string>
