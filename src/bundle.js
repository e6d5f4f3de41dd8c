// Makes one file of each program, for a start takes most of its time to find and read some hundred small ones.
import { build } from 'esbuild'

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
  external: [
    // It has a part that is no JavaScript.
    'argon2',
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
