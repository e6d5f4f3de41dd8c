/**
 * What a template prints, and the title of its page; never a request's own body or query. `origin` is that of Latchkey
 * where the page is shown at the address of an app: its files are then named in full, and it goes without scripts.
 */
export type PageValues = { title: string; origin?: string; [name: string]: unknown }

/**
 * Renders a template of `views/` inside the layout that all pages share.
 *
 * @param template its path without ending, such as `sign-in/login`
 */
export type View = (template: string, values: PageValues) => Promise<string>
