import type { Notice } from './notice.js'

/** A notice as one text, for those who see no page. */
export function wordNotice({ heading, text, messages = {}, link }: Notice<string>): string {
  const rest = text === undefined ? Object.values(messages) : [text]
  return [`${heading}.`, ...rest, ...(link === undefined ? [] : [`${link.label}.`])].join(' ')
}
