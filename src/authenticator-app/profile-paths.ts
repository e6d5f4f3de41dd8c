/** Where an owner turns the authenticator app on and off. */
export const appPath = '/profile/authenticator'
/** Where the one that is being set up shows its secret. */
export const setUpPath = '/profile/authenticator/set-up'
