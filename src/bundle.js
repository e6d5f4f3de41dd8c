// Makes one file of each program, for a start takes most of its time to find and read some hundred small ones.
import { build } from 'esbuild'

/** Fastify reads it at once, though nothing here speaks it: 7 ms and 3 MB of each start. */
const withoutHttp2 = {
  name: 'without-http2',
  setup(bundle) {
    bundle.onResolve({ filter: /^node:http2$/ }, ({ path }) => ({ path, namespace: 'left-out' }))
    bundle.onLoad({ filter: /.*/, namespace: 'left-out' }, () => ({ contents: 'module.exports = {}' }))
  },
}

await build({
  entryPoints: ['src/main.ts', 'src/cli.ts', 'src/secrets/password-hash-worker.ts'],
  outdir: 'dist/bin',
  entryNames: '[name]',
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  sourcemap: true,
  logLevel: 'warning',
  // pg asks by it whether this is Cloudflare; where there is none, it tries a `Response`, with which comes all of `fetch`.
  define: { navigator: '{"userAgent":"Node.js"}' },
  plugins: [withoutHttp2],
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
  // Packages in CommonJS call `require` for what Node has itself, and modules have none.
  banner: {
    js: "import { createRequire as requireFrom } from 'node:module'; const require = requireFrom(import.meta.url);",
  },
})
