/** Somebody who sends or gets mail; `name` is what people read instead of the address. */
export type MailAddress = { address: string; name?: string }

/** A letter to one person: plain text, worded by the room that sends it. */
export type Letter = { to: MailAddress; subject: string; text: string }
