import { fileURLToPath } from 'node:url'

/** The folder that holds `views` and `migrations`; what runs lies two levels below it, in `dist/bin` or, under test, in `dist/src`. */
export const projectFolder = fileURLToPath(new URL('../../', import.meta.url))
