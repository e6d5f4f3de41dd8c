/**
 * Options of a route by GET that changes something: HEAD, which Fastify would have the same handler answer and which is to
 * change nothing (RFC 9110, section 9.2.1), is 405 there.
 */
export const getOnly = { exposeHeadRoute: false } as const
