import { fetchOnce } from './http-connection.js'
import { registerRequest } from './requests.js'

const count = 20

/** Registers the people who sign in, through the form like everybody else; returns their names. */
export async function registerAccounts(port: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `regular${index}`)
  for (const name of names) {
    const { status, head } = await fetchOnce(port, registerRequest(port, name))
    if (status !== 303) throw new Error(`${name} could not be registered:\n${head}`)
  }
  return names
}
