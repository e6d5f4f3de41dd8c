import { Eta } from 'eta'
import type { PageValues } from './view.js'

/**
 * The templates of `views/`, each read and compiled once; names count from that folder. It does without what made Eta
 * take longer for a page than all else together: finding the path of a template at every use, and copying the values
 * of the page for every part and layout.
 */
export class Templates extends Eta {
  readonly serviceName: string
  /** The address of a file in `views/assets`. */
  readonly asset: (name: string) => string
  readonly #print: Eta['render']

  /** @param folder the folder `views` */
  constructor(folder: string, shared: { serviceName: string; asset: (name: string) => string }) {
    super({ views: folder, cache: true })
    this.serviceName = shared.serviceName
    this.asset = shared.asset
    const findPath = this.resolvePath
    const paths = new Map<string, string>()
    this.resolvePath = (name) => {
      const path = paths.get(name) ?? findPath.call(this, name)
      paths.set(name, path)
      return path
    }
    // `@fastify/view` would make new settings, the same as these, for every page.
    this.configure = () => undefined
    this.#print = this.render
    // What it asks to be rendered is always a page.
    this.render = (name, values) => this.#page(String(name), values)
  }

  /** Renders a part of a page, which sees the values it is given and no others. */
  part(name: string, values: object): string {
    return this.#print(`parts/${name}`, values)
  }

  /** Renders a template inside the layout that all pages, or all letters, share. */
  #page(name: string, values: object): string {
    const { title, origin = '', section, scripts = [], layout = 'page' }: Partial<PageValues> = values
    const body = this.#print(name, values)
    return this.#print(`layouts/${layout}`, { title, origin, section, scripts, body })
  }
}
