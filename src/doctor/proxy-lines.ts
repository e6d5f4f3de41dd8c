/** Where the proxy is to send requests, and how it is reached. */
export type ProxyRoute = {
  url: URL
  /** Of the service, as the proxy reaches it: `127.0.0.1:3000`. */
  upstream: string
  /** Whether another proxy stands in front of this one. */
  isInner: boolean
}

const identity = ['User', 'Name', 'Email', 'Groups'].map((part) => `Remote-${part}`)

/** The right lines for nginx, Caddy and Traefik, to be copied. */
export function buildProxyLines(route: ProxyRoute): { proxy: string; lines: string }[] {
  return [
    { proxy: 'nginx', lines: nginx(route) },
    { proxy: 'Caddy', lines: caddy(route) },
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
${identity.map((name) => `          ${name}: ""`).join('\n')}
  services:
    latchkey:
      loadBalancer:
        passHostHeader: true
        servers:
          - url: http://${upstream}`
}
