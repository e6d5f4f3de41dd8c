/** What the top of a form says when it was not accepted; `messages` stand beside their fields. */
export type Notice<Field extends string> = {
  heading: string
  text?: string
  messages?: { [field in Field]?: string }
}
