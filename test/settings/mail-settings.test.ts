import t from 'tap'
import { readConfig } from '../../src/config.js'

const server = (SMTP_URL: string) => readConfig({ SMTP_URL }).mail.server
const sender = (settings: Record<string, string>) => readConfig(settings).mail.from

t.test('without SMTP_URL there is no mail server', async (t) => {
  t.equal(readConfig({}).mail.server, null)
})

t.test('SMTP_URL says where, as whom, and how encrypted', async (t) => {
  const cases: [url: string, host: string, port: number, encryption: string][] = [
    ['smtp://mail.example.com', 'mail.example.com', 587, 'required'],
    ['smtp://mail.example.com:25/', 'mail.example.com', 25, 'required'],
    ['smtp://mail.example.com:25?requireTLS=false', 'mail.example.com', 25, 'whenOffered'],
    ['smtp://mail:2525?requireTLS=true', 'mail', 2525, 'required'],
    ['smtps://mail.example.com', 'mail.example.com', 465, 'fromTheStart'],
    ['SMTPS://mail.example.com:4650', 'mail.example.com', 4650, 'fromTheStart'],
    ['smtp://localhost:1025', 'localhost', 1025, 'whenOffered'],
    ['smtp://127.0.0.1:1025', '127.0.0.1', 1025, 'whenOffered'],
    ['smtp://[::1]:1025', '::1', 1025, 'whenOffered'],
    ['smtp://[::1]:1025?requireTLS=true', '::1', 1025, 'required'],
    ['smtp://127.0.0.1.example.com', '127.0.0.1.example.com', 587, 'required'],
    ['smtp://[2001:db8::25]', '2001:db8::25', 587, 'required'],
  ]
  for (const [url, host, port, encryption] of cases) {
    t.strictSame(server(url), { host, port, encryption, login: null }, url)
  }
  t.match(server('smtps://login%40example.com:p%3A%2F%3F%23%25%C3%A4@mail.example.com'), {
    login: { user: 'login@example.com', password: 'p:/?#%ä' },
  })
})

t.test('an SMTP_URL that cannot be used is told without its value', async (t) => {
  const wrong = [
    'mail.example.com:587',
    'http://mail.example.com',
    'smtp://',
    'smtp://:587',
    'smtp:mail.example.com',
    'smtp://mail.example.com:70000',
    'smtp://mail example.com',
    'smtp://user:hunter2@mail.example.com/path',
    'smtp://user:hunter2@mail.example.com#part',
    'smtp://user:hunter2@mail.example.com?requireTLS=no',
    'smtp://user:hunter2@mail.example.com?requiretls=false',
    'smtp://user:hunter2@mail.example.com?tls.rejectUnauthorized=false',
    'smtp://user:hunter2@mail.example.com?requireTLS=false&proxy=http://x',
    'smtps://user:hunter2@mail.example.com?requireTLS=false',
    'smtp://user:12?hunter2@mail.example.com',
    'smtp://user:12#hunter2@mail.example.com',
    'smtp://user:12/hunter2@mail.example.com',
    'smtp://user:hunter2%@mail.example.com',
    'smtp://user:hunter2%ff@mail.example.com',
    'smtp://hunter2@mail.example.com',
    'smtp://:hunter2@mail.example.com',
  ]
  for (const url of wrong) {
    const error = t.throws(() => server(url), { message: /^SMTP_URL must look like / }, url)
    t.notMatch((error as Error).message, 'hunter2')
  }
})

t.test('letters come from the host of PUBLIC_URL, in the name of the service', async (t) => {
  t.strictSame(sender({}), { name: 'Latchkey', address: 'latchkey@localhost' })
  t.strictSame(sender({ PUBLIC_URL: 'https://login.example.com:8443', SERVICE_NAME: 'Example' }), {
    name: 'Example',
    address: 'latchkey@login.example.com',
  })
  for (const address of ['http://127.0.0.1:3000', 'http://[::1]:3000', 'http://localhost:3000']) {
    t.equal(sender({ PUBLIC_URL: address }).address, 'latchkey@localhost')
  }
})

t.test('MAIL_FROM is an address, with or without a name', async (t) => {
  const cases: [text: string, name: string, address: string][] = [
    ['login@example.com', 'Latchkey', 'login@example.com'],
    ['<login@example.com>', 'Latchkey', 'login@example.com'],
    ['Example Login <login@example.com>', 'Example Login', 'login@example.com'],
    ['"Müller, Köln" <login@example.com>', 'Müller, Köln', 'login@example.com'],
    ['Müller, Köln<login@example.com>', 'Müller, Köln', 'login@example.com'],
  ]
  for (const [text, name, address] of cases)
    t.strictSame(sender({ MAIL_FROM: text }), { name, address }, text)
  const wrong = [
    'login',
    'login@',
    'a@b.c, d@e.f',
    'a@b.c d@e.f',
    'Example <login@example.com',
    'Example <login@example.com> <a@b.c>',
    'Example <login@example.com\r\nBcc: a@b.c>',
    'Exam\r\nBcc: a@b.c\r\nple <login@example.com>',
    'Example <>',
    '"Example" Login <login@example.com>',
  ]
  for (const text of wrong)
    t.throws(() => sender({ MAIL_FROM: text }), { message: /^MAIL_FROM must be / }, JSON.stringify(text))
})
