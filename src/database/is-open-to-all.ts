import { statSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Says whether any user may pass through a folder and all folders above it.
 * @param folder an absolute path without symbolic links
 */
export function isOpenToAll(folder: string): boolean {
  const mayPass = (statSync(folder).mode & 0o001) !== 0
  return mayPass && (folder === dirname(folder) || isOpenToAll(dirname(folder)))
}
