import { readmeBlock, replaceWords } from './readme-block.js'
import { tellProxyStories } from './proxy-stories.js'

await tellProxyStories('nginx', (_t, { port, latchkey, app, certificate }) => {
  const block = replaceWords(readmeBlock('nginx'), {
    'listen 443 ssl': `listen 127.0.0.1:${port} ssl`,
    '127.0.0.1:3000': latchkey,
    '127.0.0.1:4000': app,
    '/etc/ssl/example.com.pem': certificate.certificate,
    '/etc/ssl/example.com.key': certificate.key,
  })
  // Around it what Debian's nginx.conf has.
  return `
    daemon off; master_process off; pid nginx.pid; error_log stderr;
    events {}
    http {
      access_log off;
      client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path f; uwsgi_temp_path u; scgi_temp_path s;
      ${block}
    }`
})
