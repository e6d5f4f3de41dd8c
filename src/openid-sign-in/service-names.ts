import { firebaseIssuer } from './firebase-issuer.js'
import type { FirebaseRules, OpenidRules } from './openid-rules.js'

/** What people call the services that they can sign in by. */
export class ServiceNames {
  /** The one that can be linked in a browser; null for none. */
  readonly linkable: { issuer: string; name: string } | null
  readonly #names: Map<string, string>

  constructor(openid: OpenidRules | null, firebase: FirebaseRules | null) {
    this.linkable = openid
    this.#names = new Map([
      ...(firebase === null ? [] : [[firebaseIssuer(firebase.projectId), 'Firebase'] as const]),
      ...(openid === null ? [] : [[openid.issuer, openid.name] as const]),
    ])
  }

  /** Of one that is not offered any more, its address. */
  nameOf(issuer: string): string {
    return this.#names.get(issuer) ?? issuer.replace(/^https?:\/\//, '')
  }
}
