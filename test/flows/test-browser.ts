type Form = Record<string, string> | [string, string][]

export type Page = { status: number; headers: Headers; body: string; location: string | null }

/**
 * As much of a browser as the stories need: keeps cookies, sends forms, never follows a redirect by itself.
 * Its posts say where they come from, as browsers do.
 */
export class TestBrowser {
  readonly origin: string
  readonly cookies = new Map<string, string>()

  constructor(origin: string) {
    this.origin = origin
  }

  get(path: string, headers: Record<string, string> = {}): Promise<Page> {
    return this.send(path, { headers: { accept: 'text/html', ...headers } })
  }

  post(path: string, form: Form = {}, headers: Record<string, string> = {}): Promise<Page> {
    return this.send(path, {
      method: 'POST',
      body: new URLSearchParams(form),
      headers: { accept: 'text/html', 'sec-fetch-site': 'same-origin', origin: this.origin, ...headers },
    })
  }

  async send(
    path: string,
    init: {
      method?: string
      body?: string | URLSearchParams | Buffer<ArrayBuffer>
      headers?: Record<string, string>
    },
  ): Promise<Page> {
    const cookie = [...this.cookies].map((pair) => pair.join('=')).join('; ')
    const response = await fetch(new URL(path, this.origin), {
      ...init,
      headers: { ...(cookie === '' ? {} : { cookie }), ...init.headers },
      redirect: 'manual',
    })
    for (const line of response.headers.getSetCookie()) this.#keep(line)
    return {
      status: response.status,
      headers: response.headers,
      body: await response.text(),
      location: response.headers.get('location'),
    }
  }

  #keep(line: string): void {
    const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
    if (/; max-age=0\b/i.test(line)) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}
