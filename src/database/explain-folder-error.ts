import { EmbeddedPostgresError } from './embedded-postgres-error.js'

const notFolder = new Set(['ENOTDIR', 'EEXIST'])
const unwritable = new Set(['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ELOOP', 'ENAMETOOLONG'])

/**
 * Turns a refusal of the file system into words for the operator.
 * @param folder the data folder that could not be used
 * @param error what the file system said
 * @returns an `EmbeddedPostgresError` that names the folder, or the error as it was if it is of another kind
 */
export function explainFolderError(folder: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : ''
  if (notFolder.has(code)) {
    return new EmbeddedPostgresError(
      `${folder} is not a folder (${code}). Set DATA_FOLDER to one that may be made.`,
      {
        cause: error,
      },
    )
  }
  if (!unwritable.has(code)) return error
  return new EmbeddedPostgresError(
    `The data folder ${folder} cannot be written (${code}). ` +
      'Let the user that runs Latchkey write there, or set DATA_FOLDER to another folder.',
    { cause: error },
  )
}
