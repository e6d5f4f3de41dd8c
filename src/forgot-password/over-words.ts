/** Says that a recovery is over. */
export const overWords = {
  heading: 'Please begin again',
  text: 'Either this has taken too long, or it has been finished or begun anew meanwhile. Nothing was changed here.',
}

/** Says that a browser shows no recovery at all. */
export const notHereWords = {
  heading: 'Please begin again',
  text:
    'In this browser nothing is under way. Either you have not begun here, or it is finished already, or the browser ' +
    'keeps no cookies, which this needs. Nothing was changed here.',
}
