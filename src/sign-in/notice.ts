/** What the top of a form says, mostly that it was not accepted; `messages` stand beside their fields. */
export type Notice<Field extends string> = {
  heading: string
  text?: string
  /** A way out. */
  link?: { label: string; url: string }
  messages?: { [field in Field]?: string }
  /** Nothing is wrong: something has happened that one should know. */
  isNews?: boolean
}
