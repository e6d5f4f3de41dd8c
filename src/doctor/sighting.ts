/** What the service saw of a request, and the settings it judged that by. Nothing in it is secret. */
export type Sighting = {
  /** As the service takes it to be, believing whom it believes. */
  scheme: string
  host: string
  clientAddress: string
  /** The other end of the connection: the proxy, or the doctor itself. */
  peerAddress: string
  peerPort: number
  /** Those that proxies set and clients forge, as they came: names in small letters, repeated ones apart. */
  headers: readonly (readonly [name: string, value: string])[]
  /** The clock of this node less that of the database, in milliseconds. */
  clockOffsetMs: number
  settings: SightingSettings
}

export type SightingSettings = {
  publicOrigin: string | null
  trustedProxies: readonly string[]
  cookieDomain: string | null
  /** Exact ones, `https://*.example.com`, and `https://*.example.com:*` for those of the cookie domain. */
  allowedOrigins: readonly string[]
}

/** What `GET /api/doctor` answers; the name tells it from whatever else may answer at an address. */
export type DoctorAnswer = { latchkeyDoctor: Sighting }
