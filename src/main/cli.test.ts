// The command line as people call it: what it says, and the exit codes that scripts rely on.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'
import { lockData } from './data-lock.ts'

const command = fileURLToPath(new URL('../../bin/sekisho.mjs', import.meta.url))

describe('command line', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-cli-'))
  const dataDir = join(folder, 'data')
  mkdirSync(dataDir)
  after(() => rmSync(folder, { recursive: true }))

  async function run(...args: readonly string[]) {
    const env = { PATH: process.env['PATH'], SEKISHO_DATA_DIR: dataDir }
    const child = spawn(process.execPath, [command, ...args], { cwd: folder, env })
    let output = ''
    let errors = ''
    child.stdout.on('data', part => (output += String(part)))
    child.stderr.on('data', part => (errors += String(part)))
    const [code] = (await once(child, 'close')) as [number]
    return { code, output, errors }
  }

  it('checks policies', async () => {
    const file = join(folder, 'a.cedar')
    writeFileSync(file, 'permit (principal, action, resource);')
    const wrong = await run('policy', 'check', file)
    assert.equal(wrong.code, 1)
    assert.match(wrong.output, /a\.cedar:1:1: error: .*@id/)
    writeFileSync(file, '@id("all") permit (principal, action == Action::"select", resource);')
    const right = await run('policy', 'check', file, '--json')
    assert.equal(right.code, 0)
    assert.equal((JSON.parse(right.output) as { ok: boolean }).ok, true)
    const missing = await run('policy', 'check', join(folder, 'none.cedar'))
    assert.equal(missing.code, 2)
    assert.match(missing.errors, /^There is no file or folder .*none\.cedar\.\n$/)
  })

  it('gives a new first password on record, but not beside a running server', async () => {
    const nobody = await run('reset-password', 'admin')
    assert.deepEqual([nobody.code, nobody.errors], [2, 'There is no such thing: user.\n'])
    const lock = lockData(dataDir)
    const busy = await run('reset-password', 'admin', '--json')
    lock.release()
    assert.equal(busy.code, 2)
    assert.match(busy.output, /"ok":false.*Stop it first/)
  })

  it('verifies a journal, whole and broken', async () => {
    const whole = await run('audit', 'verify', dataDir, '--json')
    assert.equal(whole.code, 0, whole.output + whole.errors)
    assert.equal((JSON.parse(whole.output) as { ok: boolean }).ok, true)
    const missing = await run('audit', 'verify', join(folder, 'none'))
    assert.equal(missing.code, 2)
    const anchor = await run('audit', 'verify', dataDir, '--anchor', 'x')
    assert.match(anchor.errors, /SEQUENCE:HASH/)
  })

  it('tells what is wrong with the configuration, without a stack', async () => {
    writeFileSync(join(folder, 'sekisho.yaml'), 'console:\n  port: far\n')
    const wrong = await run('serve')
    rmSync(join(folder, 'sekisho.yaml'))
    assert.equal(wrong.code, 2)
    assert.match(wrong.errors, /`console.port`/)
    assert.doesNotMatch(wrong.errors, /\n\s+at /)
  })
})
