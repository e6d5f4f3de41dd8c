import { fetchOnce } from './http-connection.js'
import { registerRequest } from './requests.js'

// As many as storm: one account takes only a few sign-ins at a time.
const count = 200

/** Registers the people who sign in, through the form like everybody else; returns their names. */
export async function registerAccounts(port: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `regular${index}`)
  for (const name of names) {
    const { status, head } = await fetchOnce(port, registerRequest(port, name))
    if (status !== 303) throw new Error(`${name} could not be registered:\n${head}`)
  }
  return names
}
