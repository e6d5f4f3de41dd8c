import { fileURLToPath } from 'node:url'
import { compileProgram, runProgram } from './compiled-program.js'
import { putMainThreadFirst } from './put-main-thread-first.js'

// What `node dist/bin/main.js` runs: the web process, of which V8 need not compile what it has compiled before.
putMainThreadFirst()
const program = fileURLToPath(new URL('service.js', import.meta.url))
runProgram(compileProgram(program), program)
