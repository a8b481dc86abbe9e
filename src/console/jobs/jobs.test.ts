// Jobs: so many at a time for each person, stopped, failed, forgotten; and nobody else's.

import assert from 'node:assert/strict'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { after, beforeEach, mock, test } from 'node:test'
import { GatewayError } from '../../core/errors.ts'
import type { UserId } from '../../core/ids.ts'
import { limits } from '../../core/limits.ts'
import { createJobFiles } from '../../storage/job-files.ts'
import { type JobRun, Jobs, type JobWish } from './jobs.ts'

const root = mkdtempSync(join(tmpdir(), 'sekisho-jobs-'))
let folder = root
after(() => rmSync(root, { recursive: true, force: true }))

const ann = { id: 'ann' as UserId }
const bob = { id: 'bob' as UserId }
const wish: JobWish = { kind: 'export', title: 'orders', unit: 'rows', fileName: 'orders.csv' }
let jobs: Jobs
let nowMs: number
let closing: AbortController

beforeEach(async () => {
  folder = mkdtempSync(join(root, 'test-'))
  nowMs = 1_000
  closing = new AbortController()
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs }
  const quiet = () => undefined
  const log = { info: quiet, warn: quiet, error: quiet }
  const files = await createJobFiles(folder, limits)
  jobs = new Jobs({ files, clock, limits: { ...limits, jobsPerUserMax: 4 }, log }, closing.signal)
})

/** Work that ends when it is told to. */
function held(): { work: (run: JobRun) => Promise<void>; begun: Promise<JobRun>; finish: () => void } {
  let begin: (run: JobRun) => void = () => undefined
  let finish = (): void => undefined
  const begun = new Promise<JobRun>(resolve => (begin = resolve))
  const done = new Promise<void>(resolve => (finish = resolve))
  return {
    begun,
    finish: () => finish(),
    async work(run) {
      begin(run)
      const stopped = new Promise<never>((_, reject) =>
        run.signal.addEventListener('abort', () => reject(run.signal.reason as Error)),
      )
      await Promise.race([done, stopped])
    },
  }
}

async function until(wanted: () => boolean): Promise<void> {
  for (let turn = 0; turn < 1_000 && !wanted(); turn++) await new Promise(resolve => setImmediate(resolve))
  assert.ok(wanted())
}

const stateOf = (id: string) => jobs.list(ann.id).find(job => job.id === id)?.state

test('a job writes a file that its owner alone can fetch', async () => {
  const { id } = jobs.start(ann, wish, async ({ out, progress }) => {
    await out.write('a,b\n')
    progress(1, 1)
  })
  await until(() => stateOf(id) === 'done')
  const [row] = jobs.list(ann.id)
  assert.deepEqual([row?.done, row?.total, row?.fileName, row?.fileBytes], [1, 1, 'orders.csv', 4])
  assert.equal(await text(jobs.file(ann.id, id).file.read()), 'a,b\n')
  assert.deepEqual(jobs.list(bob.id), [])
  for (const theirs of [() => jobs.file(bob.id, id), () => jobs.remove(bob.id, id)])
    assert.throws(theirs, (error: unknown) => error instanceof GatewayError && error.code === 'not-found')
  jobs.remove(ann.id, id)
  await until(() => readdirSync(folder).length === 0)
})

test('two run at a time, others wait for them, and not for those of somebody else', async () => {
  const works = [held(), held(), held()]
  const [first, , third] = works.map(({ work }) => jobs.start(ann, wish, work))
  const other = held()
  jobs.start(bob, wish, other.work)
  await other.begun
  assert.deepEqual(
    jobs.list(ann.id).map(job => job.state),
    ['waiting', 'running', 'running'],
  )
  works[0]?.finish()
  await works[2]?.begun
  assert.deepEqual([stateOf(first?.id ?? ''), stateOf(third?.id ?? '')], ['done', 'running'])
  closing.abort()
})

test('a job that is stopped, or fails, leaves no file', async () => {
  const long = held()
  const stopped = jobs.start(ann, wish, long.work)
  await (await long.begun).out.write('half of it')
  jobs.remove(ann.id, stopped.id)
  await until(() => stateOf(stopped.id) === 'stopped')
  const failed = jobs.start(ann, wish, () =>
    Promise.reject(new GatewayError('statement.denied', 'You may not export this.')),
  )
  const broken = jobs.start(ann, wish, () => Promise.reject(new Error('a secret of the inside')))
  await until(() => stateOf(broken.id) === 'failed' && stateOf(failed.id) === 'failed')
  const [second, first] = jobs.list(ann.id)
  assert.deepEqual(first?.problem, { code: 'statement.denied', message: 'You may not export this.' })
  assert.ok(second?.problem?.code === 'internal' && !second.problem.message.includes('secret'))
  assert.deepEqual(readdirSync(folder), [])
})

test('the oldest that is done makes room, and open ones do not', async () => {
  const ids: string[] = []
  for (let count = 0; count < 5; count++) {
    const { id } = jobs.start(ann, wish, () => Promise.resolve())
    ids.push(id)
    await until(() => stateOf(id) === 'done')
  }
  assert.deepEqual(
    jobs.list(ann.id).map(job => job.id),
    ids.slice(1).reverse(),
  )
  for (let count = 0; count < 4; count++) jobs.start(bob, wish, held().work)
  assert.throws(() => jobs.start(bob, wish, held().work), /A limit was reached/)
  closing.abort()
})

test('what was made is forgotten after some hours', async () => {
  mock.timers.enable({ apis: ['setInterval'] })
  try {
    const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs }
    const quiet = () => undefined
    const files = await createJobFiles(folder, limits)
    const log = { info: quiet, warn: quiet, error: quiet }
    jobs = new Jobs({ files, clock, limits, log }, closing.signal)
    const { id } = jobs.start(ann, wish, ({ out }) => out.write('x'))
    await until(() => stateOf(id) === 'done')
    nowMs += limits.jobFileHours * 3_600_000
    mock.timers.tick(60_000)
    assert.equal(stateOf(id), 'done')
    nowMs += 1
    mock.timers.tick(60_000)
    assert.equal(stateOf(id), undefined)
    await until(() => readdirSync(folder).length === 0)
  } finally {
    mock.timers.reset()
  }
})
