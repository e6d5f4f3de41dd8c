/** Somebody who sends or gets mail; `name` is what people read instead of the address. */
export type MailAddress = { address: string; name?: string }

/** A letter to one person, worded by the room that sends it: plain text, and the same in HTML where that is of use. */
export type Letter = { to: MailAddress; subject: string; text: string; html?: string }
