/** Says that a recovery is over. */
export const overWords = {
  heading: 'Please begin again',
  text: 'Either this has taken too long, or it has been finished or begun anew meanwhile. Nothing was changed here.',
}

/** Says that a browser or a program shows no recovery at all. */
export const notHereWords = {
  heading: 'Please begin again',
  text:
    'This browser holds no recovery. Either none was begun in it, or it is finished, or the browser keeps no cookies, ' +
    'which this needs. Nothing was changed here.',
}
