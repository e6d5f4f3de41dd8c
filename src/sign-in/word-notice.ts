import type { Notice } from './notice.js'

/** A notice as one text, for those who see no page. */
export function wordNotice({ heading, text, messages = {} }: Notice<string>): string {
  const rest = text ?? Object.values(messages).join(' ')
  return rest === '' ? `${heading}.` : `${heading}. ${rest}`
}
