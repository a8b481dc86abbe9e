// Files of users on disk: sealed, bounded, and gone after a restart.

import assert from 'node:assert/strict'
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { after, test } from 'node:test'
import { createJobFiles } from './job-files.ts'

const folders: string[] = []
const newFolder = (): string => {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-jobs-'))
  folders.push(folder)
  return folder
}
after(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

const wide = { jobFileBytesMax: 1_000_000, jobFilesBytesMax: 1_500_000 }
const secret = 'nobody may read this '

test('what was written comes back, from any byte on, and is not on disk in clear', async () => {
  const folder = newFolder()
  const files = await createJobFiles(folder, wide)
  const growing = await files.create()
  const clear = Buffer.from(secret.repeat(10_000))
  for (let at = 0; at < clear.length; at += 7_001) await growing.write(clear.subarray(at, at + 7_001))
  const kept = await growing.finish()
  assert.equal(kept.bytes, clear.length)
  assert.ok((await buffer(kept.read())).equals(clear))
  assert.ok((await buffer(kept.read(65_000, 66_001))).equals(clear.subarray(65_000, 66_001)))
  assert.ok((await buffer(kept.read(clear.length - 3))).equals(clear.subarray(-3)))
  const [name = ''] = readdirSync(folder)
  assert.ok(!readFileSync(join(folder, name)).includes('nobody may'))
  assert.equal(statSync(join(folder, name)).mode & 0o077, 0)
  await kept.remove()
  assert.deepEqual(readdirSync(folder), [])
})

test('an empty file is a file', async () => {
  const kept = await (await (await createJobFiles(newFolder(), wide)).create()).finish()
  assert.equal((await buffer(kept.read())).length, 0)
})

test('a file that was changed or cut is not read', async () => {
  for (const spoil of [
    (path: string) => {
      const bytes = readFileSync(path)
      bytes[10] = (bytes[10] ?? 0) ^ 1
      writeFileSync(path, bytes)
    },
    (path: string) => truncateSync(path, 65_552),
  ]) {
    const folder = newFolder()
    const growing = await (await createJobFiles(folder, wide)).create()
    await growing.write(secret.repeat(5_000))
    const kept = await growing.finish()
    spoil(join(folder, readdirSync(folder)[0] ?? ''))
    await assert.rejects(buffer(kept.read()))
  }
})

test('one file, and all together, grow to their limits', async () => {
  const files = await createJobFiles(newFolder(), wide)
  const one = await files.create()
  await one.write(Buffer.alloc(900_000))
  await assert.rejects(one.write(Buffer.alloc(200_000)), /A limit was reached/)
  const other = await files.create()
  await assert.rejects(other.write(Buffer.alloc(700_000)), /A limit was reached/)
  await one.discard()
  await other.write(Buffer.alloc(700_000))
  await other.discard()
})

test('nothing is left after a restart', async () => {
  const folder = newFolder()
  const growing = await (await createJobFiles(folder, wide)).create()
  await growing.write('x')
  await growing.finish()
  assert.equal(readdirSync(folder).length, 1)
  await createJobFiles(folder, wide)
  assert.deepEqual(readdirSync(folder), [])
})
