// One process at a time for a data folder, and no trace of those that were killed.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { lockData } from './data-lock.ts'

describe('data folder', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-lock-'))
  after(() => rmSync(folder, { recursive: true }))

  it('belongs to one at a time', () => {
    const lock = lockData(folder)
    assert.throws(() => lockData(folder), /another Sekisho \(process \d+\).*Stop it first/)
    lock.release()
    lockData(folder).release()
  })

  it('is free again after its process was killed', async () => {
    const program = `
      import { lockData } from ${JSON.stringify(new URL('./data-lock.ts', import.meta.url).href)}
      lockData(${JSON.stringify(folder)})
      process.stdout.write('locked')
      setInterval(() => {}, 1000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    assert.throws(() => lockData(folder), /another Sekisho/)
    child.kill('SIGKILL')
    await once(child, 'exit')
    lockData(folder).release()
  })

  it('is free when the number of the process went to another, or the file says nothing', () => {
    for (const left of [`${process.pid} 1\n`, '', 'x y\n', '-1 0\n']) {
      writeFileSync(join(folder, 'in-use'), left)
      lockData(folder).release()
    }
  })
})
