import { createHash } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT, type CryptoKey } from 'jose'
import type { Test } from 'tap'
import { openLocalServer } from './local-server.js'

export type Claims = Record<string, unknown>
/** How the next ID token is made. */
export type Forgery = {
  claims?: (right: Claims) => Claims
  alg?: 'RS256' | 'HS256' | 'none'
  key?: CryptoKey
  /** Signs by hand what nothing else does. */ token?: (right: string) => string | null
}

export type StandInProvider = {
  issuer: string
  settings: Record<string, string>
  /** What it says of itself beside what is usual; the next discovery hears it. */
  announce: (metadata: Claims) => void
  /** Gives out a code as if somebody had signed in there at the address that Latchkey has sent a browser to. */
  issueCode: (address: string | null, forgery?: Forgery) => Promise<URL>
  /** Answers from now on with this status and nothing else. */
  fail: (status: number | null) => void
  asked: () => string[]
  close: () => Promise<void>
}

const clientId = 'latchkey'
const clientSecret = 'a secret of the client'

/** A provider that does what a test wants, also what none should. It checks what a good one checks: secret, code, PKCE. */
export async function startStandIn(t: Test): Promise<StandInProvider> {
  const server = await openLocalServer(t)
  const issuer = server.origin
  const { publicKey, privateKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }
  const codes = new Map<string, { token: string; challenge: string; redirectUri: string }>()
  const asked: string[] = []
  let extra: Claims = {}
  let failure: number | null = null

  const sendJson = (response: ServerResponse, status: number, body: unknown) =>
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

  async function takeCode(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const form = new URLSearchParams(await readText(request))
    const code = form.get('code') ?? ''
    const issued = codes.get(code)
    codes.delete(code)
    const challenge = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    const basic = `Basic ${Buffer.from(`${clientId}:${encodeURIComponent(clientSecret).replaceAll('%20', '+')}`).toString('base64')}`
    if (request.headers.authorization !== basic) sendJson(response, 401, { error: 'invalid_client' })
    else if (issued?.challenge !== challenge || issued.redirectUri !== form.get('redirect_uri'))
      sendJson(response, 400, { error: 'invalid_grant' })
    else
      sendJson(response, 200, {
        access_token: 'nobody uses it',
        token_type: 'Bearer',
        ...(issued.token === '' ? {} : { id_token: issued.token }),
      })
  }

  server.answerBy((request, response) => {
    const path = (request.url ?? '').replace(/\?.*/, '')
    asked.push(path)
    if (failure !== null) response.writeHead(failure, { 'content-type': 'text/html' }).end('<p>broken</p>')
    else if (path === '/.well-known/openid-configuration')
      sendJson(response, 200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        ...extra,
      })
    else if (path === '/keys') sendJson(response, 200, { keys: [jwk] })
    else if (path === '/token') void takeCode(request, response)
    else response.writeHead(404).end()
  })

  return {
    issuer,
    settings: {
      OPENID_ISSUER: issuer,
      OPENID_CLIENT_ID: clientId,
      OPENID_CLIENT_SECRET: clientSecret,
      OPENID_NAME: 'Stand-in',
    },
    announce: (metadata) => {
      extra = metadata
    },
    issueCode: async (
      address,
      { claims = (right: Claims) => right, alg = 'RS256', key = privateKey, token } = {},
    ) => {
      const { searchParams } = new URL(address ?? '')
      const now = Math.floor(Date.now() / 1000)
      const right = {
        iss: issuer,
        sub: 'ada',
        email: 'ada@mail.example',
        aud: clientId,
        iat: now,
        exp: now + 300,
        nonce: searchParams.get('nonce'),
      }
      const payload = claims(right)
      const signed =
        alg === 'none'
          ? new UnsecuredJWT(payload).encode()
          : await new SignJWT(payload)
              .setProtectedHeader({ alg, kid: 'one' })
              .sign(alg === 'HS256' ? Buffer.from(clientSecret.padEnd(32, ' ')) : key)
      const code = `code-${codes.size}-${createHash('sha256').update(signed).digest('hex').slice(0, 16)}`
      const redirectUri = searchParams.get('redirect_uri') ?? ''
      codes.set(code, {
        token: (token === undefined ? signed : token(signed)) ?? '',
        challenge: searchParams.get('code_challenge') ?? '',
        redirectUri,
      })
      const back = new URL(redirectUri)
      back.searchParams.set('code', code)
      back.searchParams.set('state', searchParams.get('state') ?? '')
      return back
    },
    fail: (status) => {
      failure = status
    },
    asked: () => asked,
    close: server.close,
  }
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}
