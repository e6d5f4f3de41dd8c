import { execFileSync, spawnSync } from 'node:child_process'
import { appendFileSync, cpSync, existsSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { projectFolder } from '../../src/project-folder.js'
import { makeFolder } from '../make-folder.js'

t.test('the programs are made anew when what they are made from has changed, and only then', (t) => {
  const folder = makeFolder(t)
  for (const name of ['package.json', 'package-lock.json', 'tsconfig.json', 'src']) {
    cpSync(join(projectFolder, name), join(folder, name), { recursive: true })
  }
  symlinkSync(join(projectFolder, 'node_modules'), join(folder, 'node_modules'))
  const madeAt = () => {
    execFileSync(process.execPath, ['src/programs/bundle.js'], { cwd: folder })
    return statSync(join(folder, 'dist', 'bin', 'main.js')).mtimeMs
  }

  const first = madeAt()
  t.equal(madeAt(), first, 'nothing has changed')
  const compiled = join(folder, 'dist', 'bin', 'service.v8')
  writeFileSync(compiled, 'of another text')
  appendFileSync(join(folder, 'src', 'config.ts'), '\nexport const more = 1\n')
  const second = madeAt()
  t.not(second, first, 'a file is longer')
  t.notOk(existsSync(compiled), 'where nothing can be started, nothing old is run')
  rmSync(join(folder, 'dist', 'bin', 'made-from'))
  const third = madeAt()
  t.not(third, second, 'it was interrupted')
  appendFileSync(join(folder, 'package-lock.json'), '\n')
  t.not(madeAt(), third, 'other packages')

  rmSync(join(folder, 'node_modules'))
  const last = madeAt()
  appendFileSync(join(folder, 'package-lock.json'), '\n')
  const { status, stderr } = spawnSync(process.execPath, ['src/programs/bundle.js'], {
    cwd: folder,
    encoding: 'utf8',
  })
  t.equal(status, 0)
  t.match(stderr, /packages for development are not here: what was built before is used as it is/)
  t.equal(statSync(join(folder, 'dist', 'bin', 'main.js')).mtimeMs, last, 'what is there goes on starting')
  t.end()
})
