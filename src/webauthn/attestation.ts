import { readFormField } from '../http/form-field.js'
import { mostClientDataBytes, mostIdBytes } from './most-bytes.js'
import { readBase64url } from './read-base64url.js'

/** What an authenticator tells of a passkey that it has made: Web Authentication, section 5.2.1. */
export type Attestation = {
  credentialId: string
  clientDataJSON: string
  attestationObject: string
  transports: string[]
}

/** Those of Web Authentication, section 5.8.4, and one that browsers tell beside them. */
const knownTransports = ['ble', 'cable', 'hybrid', 'internal', 'nfc', 'smart-card', 'usb']

/** With certificates of its maker, which are not looked at. */
const mostAttestationBytes = 8192

/** Reads one from the fields of a form; null when one of them is missing, or longer than any is. */
export function readAttestation(body: unknown): Attestation | null {
  const credentialId = readBase64url(body, 'id', mostIdBytes)
  const clientDataJSON = readBase64url(body, 'clientDataJSON', mostClientDataBytes)
  const attestationObject = readBase64url(body, 'attestationObject', mostAttestationBytes)
  if (credentialId === null || clientDataJSON === null || attestationObject === null) return null
  const field = readFormField(body, 'transports')
  const told = field.kind === 'text' ? field.text.split(' ') : []
  const transports = knownTransports.filter((transport) => told.includes(transport))
  return { credentialId, clientDataJSON, attestationObject, transports }
}
