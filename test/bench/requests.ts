/** The password of every account that the bench makes. */
export const benchPassword = 'seven quiet herons'

/** The bytes of a browser's first visit to a page. */
export function getRequest(port: number, path: string): Buffer {
  return Buffer.from(`GET ${path} HTTP/1.1\r\n${headers(port, 'none')}\r\n`)
}

/** The bytes of a sign-in with the right password. */
export function loginRequest(port: number, username: string): Buffer {
  return postRequest(port, '/login', { username, password: benchPassword })
}

/** The bytes of a registration. */
export function registerRequest(port: number, username: string): Buffer {
  return postRequest(port, '/register', {
    username,
    password: benchPassword,
    confirmPassword: benchPassword,
    email: '',
  })
}

function postRequest(port: number, path: string, fields: Record<string, string>): Buffer {
  const body = new URLSearchParams(fields).toString()
  const about = `content-type: application/x-www-form-urlencoded\r\ncontent-length: ${body.length}\r\n`
  return Buffer.from(`POST ${path} HTTP/1.1\r\n${headers(port, 'same-origin')}${about}\r\n${body}`)
}

function headers(port: number, site: string): string {
  return `host: localhost:${port}\r\naccept: text/html\r\nsec-fetch-site: ${site}\r\n`
}
