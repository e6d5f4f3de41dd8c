import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import type { FastifyInstance } from 'fastify'

const contentTypes: Partial<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
}

type Asset = { fileName: string; content: Buffer; contentType: string }

/**
 * The few files that pages need, read once. Each has the hash of its content in its address and is cached for
 * good: a new release is seen at once, an old one is never asked for again.
 */
export class StaticAssets {
  readonly #assets: ReadonlyMap<string, Asset>

  constructor(folder: string) {
    this.#assets = new Map(readdirSync(folder).map((name) => [name, readAsset(folder, name)]))
  }

  /** @throws Error for a name that is not in the folder: a template names its files rightly or not at all. */
  url(name: string): string {
    const asset = this.#assets.get(name)
    if (asset === undefined) throw new Error(`no asset is named ${name}`)
    return `/assets/${asset.fileName}`
  }

  addRoutes(app: FastifyInstance): void {
    const byFileName = new Map([...this.#assets.values()].map((asset) => [asset.fileName, asset]))
    app.get<{ Params: { fileName: string } }>('/assets/:fileName', (request, reply) => {
      const asset = byFileName.get(request.params.fileName)
      if (asset === undefined) return reply.callNotFound()
      return (
        reply
          .header('content-type', asset.contentType)
          .header('cache-control', 'public, max-age=31536000, immutable')
          // Pages of the gate are shown at the addresses of apps.
          .header('cross-origin-resource-policy', 'cross-origin')
          .send(asset.content)
      )
    })
  }
}

function readAsset(folder: string, name: string): Asset {
  const content = readFileSync(join(folder, name))
  const extension = extname(name)
  const contentType = contentTypes[extension]
  if (contentType === undefined) throw new Error(`no content type is known for ${name}`)
  const hash = createHash('sha256').update(content).digest('base64url').slice(0, 10)
  return { fileName: `${name.slice(0, -extension.length)}.${hash}${extension}`, content, contentType }
}
