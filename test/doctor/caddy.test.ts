import t from 'tap'
import { findFreePort } from '../../src/programs/find-free-port.js'
import { runCommand } from '../operator/run-command.js'
import { caddyConfig, haproxyConfig, missingPrograms, nginxConfig, startProxy } from './proxy.js'
import { caddySkip, examineBehind, nginxSkip, right, setScene } from './scene.js'

t.test('Caddy: all is well with the right lines, and each wrong one is named', caddySkip, async (t) => {
  const scene = await setScene(t)
  const upstream = new URL(scene.service.origin).host
  const strip = 'header_up -Remote-*\nheader_up -Remote_*'
  const behind = (lines: string) => {
    const site = `https://localhost:${scene.port} {\nreverse_proxy ${upstream} {\n${lines}\n}\n}`
    return examineBehind(t, scene, 'caddy', caddyConfig(scene.certificate, site))
  }
  const good = await behind(strip)
  t.strictSame(good.wrong, [])
  t.equal(good.code, 0)

  const cases: [lines: string, findings: [verdict: string, text: RegExp][]][] = [
    [`${strip}\nheader_up -X-Forwarded-Proto`, [['bad', /sends no X-Forwarded-Proto/]]],
    [
      `${strip}\nheader_up Host {upstream_hostport}\nheader_up -X-Forwarded-Host`,
      [['bad', /The proxy changes the host: Latchkey sees 127\.0\.0\.1:\d+/]],
    ],
    [
      `${strip}\nheader_up X-Forwarded-For {http.request.header.X-Forwarded-For}`,
      [
        ['bad', /sends no X-Forwarded-For/],
        ['bad', /A client can choose the address it seems to come from/],
      ],
    ],
    [
      '',
      [
        [
          'doubtful',
          /itself sends as remote-email, remote-groups, remote-name, remote-user, remote_user passes through/,
        ],
      ],
    ],
    ['header_up -Remote-*', [['doubtful', /itself sends as remote_user passes through/]]],
  ]
  for (const [lines, findings] of cases) {
    const { code, wrong } = await behind(lines)
    t.match(
      wrong.map(({ verdict, text }) => [verdict, text]),
      findings,
      lines,
    )
    t.equal(wrong.length, findings.length, lines)
    t.equal(code, wrong.some(({ verdict }) => verdict === 'bad') ? 1 : 0, lines)
  }
})

t.test(
  'the lines that it prints mend what it found',
  { skip: nginxSkip.skip || caddySkip.skip || missingPrograms('haproxy') },
  async (t) => {
    const scene = await setScene(t)
    const upstream = new URL(scene.service.origin).host
    const config = nginxConfig(scene.port, scene.certificate, `location / { proxy_pass http://${upstream}; }`)
    const stop = await startProxy(t, 'nginx', scene.port, config)
    const { code, out } = await runCommand(['doctor'], scene.settings)
    await stop()
    t.equal(code, 1)
    t.match(out, /\d to mend, \d to think about\./)
    const printed = (after: string, before: string) =>
      out.slice(out.indexOf(after) + after.length, out.indexOf(before))

    const lines = printed('\nnginx\n', '\nCaddy\n')
    t.strictSame(
      (await examineBehind(t, scene, 'nginx', nginxConfig(scene.port, scene.certificate, lines))).wrong,
      [],
    )
    const site = printed('\nCaddy\n', '\nHAProxy\n').trim()
    t.strictSame((await examineBehind(t, scene, 'caddy', caddyConfig(scene.certificate, site))).wrong, [])
    const ours = haproxyConfig(t, scene, printed('\nHAProxy\n', '\nTraefik'))
    t.strictSame((await examineBehind(t, scene, 'haproxy', ours)).wrong, [])
    t.match(printed('\nTraefik', '\n\n\n'), `url: http://${upstream}`)
  },
)

t.test(
  'two proxies in a row are seen through when both are trusted',
  { skip: nginxSkip.skip || caddySkip.skip },
  async (t) => {
    const scene = await setScene(t)
    const inner = await findFreePort()
    const headers = {
      ...right,
      'X-Forwarded-Proto': '$http_x_forwarded_proto',
      'X-Forwarded-For': '$proxy_add_x_forwarded_for',
    }
    const lines = Object.entries(headers).map(([name, value]) => `proxy_set_header ${name} ${value};`)
    const location = `location / { proxy_pass ${scene.service.origin}; ${lines.join(' ')} }`
    const config = nginxConfig(inner, scene.certificate, location).replace(' ssl;', ';')
    await startProxy(t, 'nginx', inner, config)
    const site = `https://localhost:${scene.port} {\nreverse_proxy 127.0.0.1:${inner}\n}`
    t.strictSame((await examineBehind(t, scene, 'caddy', caddyConfig(scene.certificate, site))).wrong, [])
  },
)
