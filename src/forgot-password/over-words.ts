/** Says that a recovery is over, or was never begun here. */
export const overWords = {
  heading: 'Please begin again',
  text:
    'Either this has taken too long, or it has been finished or begun anew meanwhile, or it was begun in another ' +
    'browser. Nothing was changed here.',
}
