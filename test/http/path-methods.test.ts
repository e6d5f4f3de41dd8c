import t from 'tap'
import { PathMethods } from '../../src/http/path-methods.js'

t.test('tells the methods of a path, whatever is asked of it', async (t) => {
  const pathMethods = new PathMethods()
  pathMethods.add('/login', ['GET', 'HEAD'])
  pathMethods.add('/login', ['POST'])
  t.strictSame(pathMethods.find('/login'), ['GET', 'HEAD', 'POST'])
  t.strictSame(pathMethods.find('/login?redirectUrl=/a/b?c'), ['GET', 'HEAD', 'POST'])
  for (const unknown of ['/', '', '/Login', '/login/', '/log', '/login/code', '//login', '/__proto__'])
    t.strictSame(pathMethods.find(unknown), [], unknown)
})

t.test('a named segment stands for any one that is not empty', async (t) => {
  const pathMethods = new PathMethods()
  pathMethods.add('/passkeys/:id', ['GET'])
  pathMethods.add('/passkeys/add', ['POST'])
  pathMethods.add('/passkeys/:id/remove', ['POST'])
  t.strictSame(pathMethods.find('/passkeys/1'), ['GET'])
  t.strictSame(pathMethods.find('/passkeys/add'), ['GET', 'POST'], 'which is one of both')
  t.strictSame(pathMethods.find('/passkeys/1/remove'), ['POST'])
  t.strictSame(pathMethods.find('/passkeys/'), [])
})
