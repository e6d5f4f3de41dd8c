/** Of a credential id: Web Authentication, section 7.1. */
export const mostIdBytes = 1023

/** Of a user handle: Web Authentication, section 5.4.3. */
export const mostUserHandleBytes = 64

/** Of client data: a challenge and an origin, and whatever browsers add. */
export const mostClientDataBytes = 2048
