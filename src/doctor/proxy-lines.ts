/** Where the proxy is to send requests, and how it is reached. */
export type ProxyRoute = {
  url: URL
  /** Of the service, as the proxy reaches it: `127.0.0.1:3000`. */
  upstream: string
  /** Whether another proxy stands in front of this one. */
  isInner: boolean
}

const parts = ['User', 'Name', 'Email', 'Groups']
const identity = parts.map((part) => `Remote-${part}`)
/** Some apps read these as the same headers. */
const underscored = [
  ...parts.map((part) => `Remote_${part}`),
  'X_Forwarded_For',
  'X_Forwarded_Host',
  'X_Forwarded_Proto',
]

/** The right lines for nginx, Caddy, HAProxy and Traefik, to be copied. */
export function buildProxyLines(route: ProxyRoute): { proxy: string; lines: string }[] {
  return [
    { proxy: 'nginx', lines: nginx(route) },
    { proxy: 'Caddy', lines: caddy(route) },
    { proxy: 'HAProxy', lines: haproxy(route) },
    { proxy: 'Traefik (dynamic configuration)', lines: traefik(route) },
  ]
}

function nginx({ upstream, isInner }: ProxyRoute): string {
  return `location / {
    proxy_pass http://${upstream};
    proxy_set_header Host $http_host;
    proxy_set_header X-Forwarded-Host $http_host;
    proxy_set_header X-Forwarded-Proto ${isInner ? '$http_x_forwarded_proto' : '$scheme'};
    proxy_set_header X-Forwarded-For ${isInner ? '$proxy_add_x_forwarded_for' : '$remote_addr'};
${identity.map((name) => `    proxy_set_header ${name} "";`).join('\n')}
}`
}

function caddy({ url, upstream }: ProxyRoute): string {
  return `${url.protocol === 'https:' ? url.host : url.origin} {
    reverse_proxy ${upstream} {
        header_up -Remote-*
        header_up -Remote_*
    }
}`
}

function haproxy({ url, upstream, isInner }: ProxyRoute): string {
  const ours = isInner
    ? ['# X-Forwarded-* are those of the proxy in front.']
    : [
        'http-request set-header X-Forwarded-For %[src] if to_latchkey',
        'http-request set-header X-Forwarded-Host %[req.hdr(host)] if to_latchkey',
        `http-request set-header X-Forwarded-Proto ${url.protocol.slice(0, -1)} if to_latchkey`,
      ]
  return `# In the frontend:
    acl to_latchkey req.hdr(host),field(1,:),lower -m str ${url.hostname}
${['remote-', 'remote_', 'x_'].map((start) => `    http-request del-header ${start} -m beg if to_latchkey`).join('\n')}
${ours.map((line) => `    ${line}`).join('\n')}
    use_backend latchkey if to_latchkey

backend latchkey
    server latchkey ${upstream}`
}

function traefik({ url, upstream }: ProxyRoute): string {
  return `http:
  routers:
    latchkey:
      rule: Host(\`${url.hostname}\`)
      service: latchkey
      middlewares: [no-remote-user]
${url.protocol === 'https:' ? '      tls: {}\n' : ''}  middlewares:
    no-remote-user:
      headers:
        customRequestHeaders:
${[...identity, ...underscored].map((name) => `          ${name}: ""`).join('\n')}
  services:
    latchkey:
      loadBalancer:
        passHostHeader: true
        servers:
          - url: http://${upstream}`
}
