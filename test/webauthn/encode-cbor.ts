type Item = number | string | Buffer | Map<number | string, Item>

/** As much of CBOR (RFC 8949) as authenticators speak. */
export function encodeCbor(item: Item): Buffer {
  if (typeof item === 'number') return item < 0 ? head(1, -1 - item) : head(0, item)
  if (typeof item === 'string') return Buffer.concat([head(3, Buffer.byteLength(item)), Buffer.from(item)])
  if (Buffer.isBuffer(item)) return Buffer.concat([head(2, item.length), item])
  const parts = [...item].flatMap(([key, value]) => [encodeCbor(key), encodeCbor(value)])
  return Buffer.concat([head(5, item.size), ...parts])
}

function head(major: number, size: number): Buffer {
  const kind = major << 5
  if (size < 24) return Buffer.of(kind | size)
  if (size < 256) return Buffer.of(kind | 24, size)
  return Buffer.of(kind | 25, size >> 8, size & 255)
}
