import type { FastifyRequest } from 'fastify'
import { test } from 'tap'
import { ownOrigin } from '../../src/http/own-origin.js'

function requestTo(host: string, protocol = 'http'): FastifyRequest {
  return { host, protocol } as FastifyRequest
}

test('Each request gets the origin of its own host, whatever the one before asked for', (t) => {
  const hosts = ['a.example', 'b.example:8080', 'a.example', 'A.EXAMPLE', 'b.example:8080']
  t.same(
    hosts.map((host) => ownOrigin(requestTo(host), null)),
    [
      'http://a.example',
      'http://b.example:8080',
      'http://a.example',
      'http://a.example',
      'http://b.example:8080',
    ],
  )
  t.equal(ownOrigin(requestTo('a.example'), null), 'http://a.example')
  t.equal(ownOrigin(requestTo('a.example', 'https'), null), 'https://a.example')
  t.end()
})

test('A host that would make another address of it is refused, every time', (t) => {
  for (const host of ['a@b.example', 'a.example/b', 'a.example?b', '']) {
    t.throws(() => ownOrigin(requestTo(host), null), { code: 'invalidHost' })
    t.throws(() => ownOrigin(requestTo(host), null), { code: 'invalidHost' })
    t.equal(ownOrigin(requestTo('a.example'), null), 'http://a.example')
  }
  t.end()
})

test('PUBLIC_URL is the origin, whatever the request says', (t) => {
  t.equal(ownOrigin(requestTo('a@b.example'), 'https://login.example'), 'https://login.example')
  t.end()
})
