/** What the doctor says of one thing. */
export type Finding = {
  /** One or two words. */
  about: string
  verdict: 'good' | 'doubtful' | 'bad'
  /** What is, in a sentence. */
  text: string
  /** What to do, unless all is well. */
  remedy?: string
  /** Whether the lines for the proxy mend it. */
  isForProxy?: true
}
