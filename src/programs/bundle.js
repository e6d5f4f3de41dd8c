// Makes one file of each program, for a start takes most of its time to find and read some hundred small ones.
// Where nothing has changed since the last time, it makes none: that is how `npm start` begins.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = 'dist/bin'
/** The digest of what the programs were made from; there only while they are whole. */
const stamp = join(folder, 'made-from')

/** What Fastify reads at once and has no use for here. */
const leftOut = {
  // Nothing here speaks it: 7 ms and 3 MB of each start.
  'node:http2': 'module.exports = {}',
  // It compares the versions of plugins with its own, all of which are pinned: 7 ms.
  semver: 'exports.satisfies = () => true',
}

/** Why it cannot be built anew, by the codes of Node's errors. What is there is still good. */
const causes = {
  // After `npm prune --omit=dev`.
  ERR_MODULE_NOT_FOUND: 'the packages for development are not here',
  EACCES: 'the folder dist may not be written to',
  EROFS: 'the folder dist may not be written to',
}

const digest = digestSources()
if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== digest) await renew()

async function renew() {
  try {
    await bundle()
  } catch (error) {
    if (!(error.code in causes)) throw error
    const isBuilt = existsSync(join(folder, 'main.js'))
    const outcome = isBuilt ? 'what was built before is used as it is' : 'nothing is built yet'
    process.stderr.write(
      `latchkey: sources, packages or Node have changed, and ${causes[error.code]}: ${outcome}. ` +
        'To build: npm ci && npm run build\n',
    )
    if (!isBuilt) process.exitCode = 1
    return
  }
  warmUp()
  writeFileSync(stamp, digest)
}

function digestSources() {
  const sources = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
  const hash = createHash('sha256').update(process.version)
  for (const path of ['package-lock.json', 'tsconfig.json', ...sources.toSorted()]) {
    const content = readFileSync(path)
    hash.update(`${path} ${content.length}\n`).update(content)
  }
  return hash.digest('hex')
}

async function bundle() {
  const { build } = await import('esbuild')
  const { outputFiles } = await build({
    write: false,
    entryPoints: {
      main: 'src/programs/start.ts',
      service: 'src/main.ts',
      cli: 'src/cli.ts',
      'password-hash-worker': 'src/secrets/password-hash-worker.ts',
      'warm-up': 'src/programs/warm-up.ts',
    },
    outdir: folder,
    bundle: true,
    platform: 'node',
    // An `import` of `node:http` takes all it has from it, on Node 24 also the WebSocket, with which comes all of `fetch`.
    format: 'cjs',
    target: 'node20.19',
    supported: { 'dynamic-import': false },
    minifySyntax: true,
    minifyWhitespace: true,
    // An error that nobody handles is printed with its line.
    lineLimit: 160,
    sourcemap: true,
    logLevel: 'warning',
    // pg asks by it whether this is Cloudflare; where there is none, it tries a `Response`, with which comes all of `fetch`.
    define: { navigator: '{"userAgent":"Node.js"}', 'import.meta.url': 'moduleUrl' },
    banner: { js: "const moduleUrl = require('node:url').pathToFileURL(__filename).href;" },
    plugins: [{ name: 'left-out', setup: leaveOut }],
    external: [
      // It has a part that is no JavaScript.
      'argon2',
      // Fastify has them for schemas, trailers and injected requests, none of which there are.
      '@fastify/ajv-compiler',
      '@fastify/fast-json-stringify-compiler',
      'light-my-request',
      // It is looked for by pg, and never installed here.
      'pg-native',
      // These are read when they are first needed, by most starts never.
      '@simplewebauthn/server',
      '@zxcvbn-ts/language-common',
      'bowser',
      'jose',
      'nodemailer',
      'openid-client',
      'pino-pretty',
      'uqr',
    ],
  })
  // Nothing old may stay, should there be less by now.
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  for (const { path, text } of outputFiles) writeFileSync(path, inAscii(text))
  // The project's own files are modules; these are not.
  writeFileSync(join(folder, 'package.json'), '{ "type": "commonjs" }')
}

/** Escapes what esbuild leaves in regular expressions: a text of ASCII alone is read in half the time and kept in half the memory. */
function inAscii(text) {
  return text.replace(/[^\0-\x7f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

function warmUp() {
  try {
    execFileSync(process.execPath, [join(folder, 'warm-up.js')], { stdio: 'ignore', timeout: 20_000 })
  } catch {
    // Where nothing may listen, say: without it the programs are the same, and start a little later.
  }
}

function leaveOut(bundling) {
  bundling.onResolve({ filter: /^(node:http2|semver)$/ }, ({ path }) => ({ path, namespace: 'left-out' }))
  bundling.onLoad({ filter: /.*/, namespace: 'left-out' }, ({ path }) => ({ contents: leftOut[path] }))
}
