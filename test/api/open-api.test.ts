import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectFolder } from '../../src/project-folder.js'
import { TestBrowser } from '../flows/test-browser.js'
import { startTestService } from '../flows/test-service.js'
import { ApiClient } from './api-client.js'
import { ApiContract } from './api-contract.js'

const contract = new ApiContract()
// Whose settings offer everything: without a mail server, codes are not mailed.
const service = await startTestService(t, {
  SMTP_URL: 'smtp://127.0.0.1:9',
  EMAIL_OTP: 'optional',
  FIREBASE_PROJECT_ID: 'example',
})

t.test(
  'the document is served as it lies in the project, and names the version of the service',
  async (t) => {
    const answer = await new ApiClient(t, contract, service.origin).get('/api/openapi.json')
    t.strictSame(answer.json, contract.document)
    const { version } = JSON.parse(readFileSync(join(projectFolder, 'package.json'), 'utf8')) as {
      version: string
    }
    t.equal(contract.document.info.version, version)
  },
)

t.test('every route for programs is documented with its methods, and nothing else is', async (t) => {
  const routes: Record<string, string> = {}
  for (const path of service.paths().filter((each) => /^\/(api|\.well-known)\//.test(each))) {
    // A method that no route takes: the answer tells those that it does.
    const { status, headers } = await new TestBrowser(service.origin).send(path, { method: 'QUERY' })
    t.equal(status, 405, path)
    routes[path] = headers.get('allow') ?? ''
  }
  const documented = contract
    .operations()
    .map(({ path, methods }) => [path, methods.toSorted().join(', ')] as const)
  t.strictSame(routes, Object.fromEntries(documented.toSorted()))
})

t.test('names and examples in the document are right', async (t) => {
  const ids = Object.values(contract.document.paths)
    .flatMap((item) => Object.values(item))
    .map(({ operationId }) => operationId)
  t.equal(new Set(ids).size, ids.length)
  t.strictSame(contract.judgeExamples(), [])
})

t.test('unknown paths and methods are refused as JSON', async (t) => {
  const client = new ApiClient(t, contract, service.origin)
  for (const path of ['/api/', '/api/nope', '/api/login/', '/api/LOGIN', '/api/__proto__']) {
    for (const method of ['GET', 'POST', 'DELETE'])
      t.equal((await client.send(method, path)).status, 404, path)
    t.equal((await client.post(path, {})).status, 404, path)
  }
  for (const { path, methods } of contract.operations()) {
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'QUERY']) {
      if (methods.includes(method)) continue
      const bodies = ['GET'].includes(method) ? [{}] : [{}, { body: '{}' }, { body: 'x'.repeat(40_000) }]
      for (const init of bodies) {
        const answer = await client.send(method, path, init)
        t.equal(answer.status, 405, `${method} ${path}`)
        t.equal(answer.headers.get('allow'), methods.toSorted().join(', '))
        const message = `This address takes ${methods.toSorted().join(', ')} only.`
        t.match(answer.json, { error: 'methodNotAllowed', message })
      }
    }
  }
})

t.test('what is wrong with a request is told in words for programs, not for people at a page', async (t) => {
  const client = new ApiClient(t, contract, service.origin)
  const post = (contentType: string, body: string) =>
    client.send('POST', '/api/login', { headers: { 'content-type': contentType }, body })
  const answers = [
    [await client.get('/api/nope'), 'There is nothing at this address.'],
    [await post('text/plain', 'x'), 'take application/json only'],
    [await post('application/json', 'x'.repeat(40_000)), 'The body is larger than any'],
    [await post('application/json', '{'), 'The body cannot be read as JSON.'],
    [await client.post('/api/login', {}, { 'sec-fetch-site': 'cross-site' }), 'from another website'],
  ] as const
  for (const [{ json }, words] of answers) {
    t.match(json['message'], words)
    t.notMatch(json['message'], /page|browser|go back/i)
  }
})

t.test('elsewhere a program that asks for JSON gets these words, too', async (t) => {
  const client = new ApiClient(t, contract, service.origin)
  const { status, json } = await client.get('/nope', { accept: 'application/json' })
  t.equal(status, 404)
  t.match(json['message'], 'There is nothing at this address.')
})
