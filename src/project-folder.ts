import { fileURLToPath } from 'node:url'

/** The folder that holds `views` and `migrations`; compiled code lies two levels below it, in `dist/src`. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url))
