import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'
import { encodeCbor } from './encode-cbor.js'

type Key = { id: string; rpId: string; userHandle: string; privateKey: KeyObject; signCount: number }

export type CoseKey = Map<number, number | string | Buffer>

export type CreationOptions = {
  challenge: string
  rp: { id: string }
  user: { id: string; name: string; displayName: string }
  excludeCredentials: { id: string }[]
}
export type RequestOptions = { challenge: string; rpId: string; allowCredentials: { id: string }[] }

/** What a browser and its authenticator do otherwise than they should, or than most do. */
export type Whims = {
  origin?: string
  type?: string
  rpId?: string
  isUserPresent?: boolean
  isUserVerified?: boolean
  isBackedUp?: boolean
  /** As `isBackedUp` where it is not said. */ isBackupEligible?: boolean
  /** In the client data. */ further?: object
  /** Made in this attestation statement. */ format?: string
  statement?: Map<string, Buffer>
  signCount?: number
  /** How long the id of what it makes is. */ idBytes?: number
  /** Told in the place of its own. */ coseKey?: CoseKey
}

/** A browser with an authenticator that keeps passkeys (ES256), in so far as Web Authentication lets a service see it. */
export class SoftwareAuthenticator {
  readonly #origin: string
  readonly keys: Key[] = []

  constructor(origin: string) {
    this.#origin = origin
  }

  /** Makes a passkey: the fields that a page sends. */
  create(options: CreationOptions, whims: Whims = {}) {
    const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const rawId = randomBytes(whims.idBytes ?? 32)
    const id = rawId.toString('base64url')
    this.keys.push({ id, rpId: options.rp.id, userHandle: options.user.id, privateKey, signCount: 0 })
    const { x = '', y = '' } = publicKey.export({ format: 'jwk' })
    const ownKey: CoseKey = new Map<number, number | string | Buffer>([
      [1, 2],
      [3, -7],
      [-1, 1],
      [-2, Buffer.from(x, 'base64url')],
      [-3, Buffer.from(y, 'base64url')],
    ])
    const idLength = Buffer.of(rawId.length >> 8, rawId.length & 255)
    const attested = Buffer.concat([Buffer.alloc(16), idLength, rawId, encodeCbor(whims.coseKey ?? ownKey)])
    const authData = Buffer.concat([this.#head(options.rp.id, 0x40, whims), attested])
    const attestationObject = encodeCbor(
      new Map<string, string | Buffer | Map<string, Buffer>>([
        ['fmt', whims.format ?? 'none'],
        ['attStmt', whims.statement ?? new Map<string, Buffer>()],
        ['authData', authData],
      ]),
    ).toString('base64url')
    const clientDataJSON = this.#clientData('webauthn.create', options.challenge, whims).toString('base64url')
    return { id, clientDataJSON, attestationObject, transports: 'internal hybrid' }
  }

  /** Signs with the newest passkey for this site, or with the one that is given: the fields that a page sends. */
  get(
    { challenge, rpId }: RequestOptions,
    whims: Whims = {},
    key = this.keys.findLast((each) => each.rpId === rpId),
  ) {
    if (key === undefined) throw new Error(`no passkey for ${rpId}`)
    key.signCount = whims.signCount ?? key.signCount + 1
    const authenticatorData = this.#head(rpId, 0, { signCount: key.signCount, ...whims })
    const clientData = this.#clientData('webauthn.get', challenge, whims)
    const signed = Buffer.concat([authenticatorData, createHash('sha256').update(clientData).digest()])
    return {
      id: key.id,
      clientDataJSON: clientData.toString('base64url'),
      authenticatorData: authenticatorData.toString('base64url'),
      signature: sign('sha256', signed, key.privateKey).toString('base64url'),
      userHandle: key.userHandle,
    }
  }

  #head(rpId: string, flags: number, whims: Whims): Buffer {
    const { isUserPresent = true, isUserVerified = true, isBackedUp = false, signCount = 0 } = whims
    const isBackupEligible = whims.isBackupEligible ?? isBackedUp
    const backup = (isBackupEligible ? 8 : 0) | (isBackedUp ? 0x10 : 0)
    const all = flags | (isUserPresent ? 1 : 0) | (isUserVerified ? 4 : 0) | backup
    const count = Buffer.alloc(4)
    count.writeUInt32BE(signCount)
    return Buffer.concat([
      createHash('sha256')
        .update(whims.rpId ?? rpId)
        .digest(),
      Buffer.of(all),
      count,
    ])
  }

  #clientData(type: string, challenge: string, whims: Whims): Buffer {
    const { origin = this.#origin, further = {} } = whims
    return Buffer.from(
      JSON.stringify({ type: whims.type ?? type, challenge, origin, crossOrigin: false, ...further }),
    )
  }
}
