/** A QR code to be drawn: its edge in modules, and a path (SVG) of strokes one module wide for the dark ones. */
export type QrCode = { size: number; path: string }

/** ISO/IEC 18004 asks for as many light modules around it. */
const quietZone = 4

/** Draws a text as a QR code. The package is loaded when the first one is drawn: most processes never do. */
export async function qrCode(text: string): Promise<QrCode> {
  const { encode } = await import('uqr')
  const { size, data } = encode(text, { ecc: 'L', boostEcc: true, border: quietZone })
  const path = data.map((row, y) => rowPath(row, y)).join('')
  return { size, path }
}

/** A stroke for each run of dark modules, through their middle, and a move over each run of light ones. */
function rowPath(row: readonly boolean[], y: number): string {
  const runs = row.map((isDark) => (isDark ? 'x' : '.')).join('')
  const strokes = runs.replace(/\.+$/, '').match(/x+|\.+/g) ?? []
  const moves = strokes.map((run) => (run.startsWith('x') ? `h${run.length}` : `m${run.length} 0`))
  return moves.length === 0 ? '' : `M0 ${y}.5${moves.join('')}`
}
