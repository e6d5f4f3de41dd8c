/**
 * Renders a template of `views/`.
 *
 * @param template its path without ending, such as `sign-in/login`
 * @param values what the template prints; never a request's own body or query
 */
export type View = (template: string, values: Record<string, unknown>) => Promise<string>
