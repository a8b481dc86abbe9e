// The trail on a real disk: killed at any moment, out of space, synced when it says so.

import assert from 'node:assert/strict'
import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { eventId, intent, life, opened, outcome, plainSealing } from '../audit/example.ts'
import type { JournalFile } from '../audit/journal-file.ts'
import { type JournalRecord, parseRecord } from '../audit/record.ts'
import { recoverJournal } from '../audit/recover.ts'
import { JournalTrail } from '../audit/trail.ts'
import { type Limits, limits } from '../core/limits.ts'
import { openJournalFile, segmentFile } from './journal-file.ts'
import { verifyJournal } from './journal-verify.ts'

const run = promisify(execFile)
const folders: string[] = []
const children: ChildProcess[] = []
after(() => {
  for (const child of children) child.kill('SIGKILL')
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
})

function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-journal-'))
  folders.push(folder)
  return folder
}

function readRecords(folder: string): JournalRecord[] {
  const names = readdirSync(folder)
    .filter(name => name.endsWith('.journal'))
    .sort()
  return names.flatMap(name =>
    readFileSync(join(folder, name), 'utf8')
      .split('\n')
      .slice(0, -1)
      .map(line => {
        const record = parseRecord(line.slice(65))
        assert.ok(record !== undefined)
        return record
      }),
  )
}

/** A trail whose turns end and whose timers ring when the test says so. */
async function openTrail(folder: string, over: Partial<Limits> = {}) {
  const disk = openJournalFile(folder)
  const calls: string[] = []
  let failing: string | undefined
  const watch = <T>(name: string, act: () => T): T => {
    calls.push(name)
    if (failing === name) throw new Error(`${name} fails`)
    return act()
  }
  const file: JournalFile = {
    segments: () => disk.segments(),
    read: (...args) => disk.read(...args),
    settle: (...args) => disk.settle(...args),
    start: segment => watch('start', () => disk.start(segment)),
    append: bytes => watch('append', () => disk.append(bytes)),
    cut: bytes => watch('cut', () => disk.cut(bytes)),
    sync: async () => watch('sync', () => disk.sync()),
    close: () => disk.close(),
  }
  const turns: (() => void)[] = []
  const timers = new Map<number, { readonly ms: number; readonly ring: () => void }>()
  let timerCount = 0
  let nowMs = 0
  const trail = new JournalTrail(
    {
      file,
      sealing: plainSealing,
      serverId: 'test',
      clock: { nowMs: () => 1_795_000_000_000 + nowMs, monotonicMs: () => nowMs },
      limits: { ...limits, ...over },
      atEndOfTurn: act => void turns.push(act),
      after: (ms, ring) => {
        const number = ++timerCount
        timers.set(number, { ms, ring })
        return () => void timers.delete(number)
      },
      log: { info: () => undefined, error: () => undefined },
    },
    await recoverJournal(file),
  )
  return {
    trail,
    calls,
    endTurn: () => {
      for (const act of turns.splice(0)) act()
    },
    ring: () => {
      const ringing = [...timers.values()]
      timers.clear()
      for (const timer of ringing) timer.ring()
    },
    fail: (name: string | undefined) => {
      failing = name
    },
    pass: (ms: number) => {
      nowMs += ms
    },
  }
}

const told: (into: (Error | undefined)[]) => (error: Error | undefined) => void = into => error =>
  into.push(error)

test('one turn is one write, and everybody is called back in order after it, nobody before', async () => {
  const folder = newFolder()
  const { trail, calls, endTurn } = await openTrail(folder)
  const order: number[] = []
  trail.append(opened)
  for (const n of [3, 4, 5]) trail.record([intent(n)], () => order.push(n))
  assert.deepEqual([order, calls], [[], []])
  endTurn()
  assert.deepEqual(order, [3, 4, 5])
  assert.deepEqual(calls, ['start', 'append'])
  // In the hands of the operating system: somebody else reads it.
  assert.equal(readRecords(folder).filter(record => record.k === 'statement').length, 3)
  await trail.close()
  assert.equal((await verifyJournal(folder)).verdict, 'whole')
})

test('written: on disk after the time for it, with one sync for all', async () => {
  const { trail, calls, endTurn, ring } = await openTrail(newFolder())
  trail.record([intent(3)], () => undefined)
  endTurn()
  trail.record([intent(4)], () => undefined)
  endTurn()
  assert.equal(calls.includes('sync'), false)
  ring()
  await new Promise(resolve => trail.onSynced(() => resolve(undefined)))
  assert.equal(calls.filter(call => call === 'sync').length, 1)
  assert.equal(trail.synced.sequence, trail.end.sequence)
  await trail.close()
})

test('strict: called back after the disk has it; those who come meanwhile share the next sync', async () => {
  const { trail, calls, endTurn } = await openTrail(newFolder())
  const order: string[] = []
  const strict = (n: number, name: string) =>
    new Promise<void>(resolve => {
      trail.record([intent(n, { strength: 'strict' })], error => {
        order.push(`${name}:${String(error)}:${calls.filter(call => call === 'sync').length}`)
        resolve()
      })
    })
  const first = strict(3, 'a')
  endTurn()
  assert.equal(order.length, 0)
  const second = strict(4, 'b')
  const third = strict(5, 'c')
  // Of another session, so it need not wait; of the same session, so it must.
  trail.record([intent(6, { sessionId: eventId(77) as never })], () => void order.push('other'))
  trail.record([intent(7)], () => void order.push('same'))
  endTurn()
  assert.deepEqual(order, ['other'])
  await Promise.all([first, second, third])
  await trail.close()
  assert.deepEqual(order, ['other', 'a:undefined:1', 'b:undefined:2', 'c:undefined:2', 'same'])
})

test('a write that fails refuses the whole turn, leaves no trace, and is tried again until it works', async () => {
  const folder = newFolder()
  const { trail, endTurn, fail, ring } = await openTrail(folder)
  const answers: (Error | undefined)[] = []
  trail.record([opened, intent(3)], told(answers))
  endTurn()
  const size = statSync(segmentFile(folder, 1)).size
  fail('append')
  trail.append(outcome(20, 3))
  trail.record([intent(4)], told(answers))
  trail.record([intent(5)], told(answers))
  endTurn()
  assert.deepEqual(
    answers.map(error => error?.message),
    [undefined, 'the audit cannot be written', 'the audit cannot be written'],
  )
  assert.equal(trail.writable, false)
  assert.equal(statSync(segmentFile(folder, 1)).size, size)
  fail(undefined)
  trail.record([intent(6)], told(answers))
  endTurn()
  assert.ok(answers[3] instanceof Error, 'fails at once while nothing was proven to work')
  ring()
  assert.equal(trail.writable, true)
  trail.record([intent(7)], told(answers))
  endTurn()
  assert.equal(answers[4], undefined)
  await trail.close()
  const found = readRecords(folder)
  assert.deepEqual(
    found.filter(record => record.k === 'statement').map(record => record.id),
    [eventId(3), eventId(7)],
  )
  assert.equal(found.filter(record => record.k === 'statement.ended').length, 1, 'the outcome was kept')
  const report = await verifyJournal(folder)
  assert.deepEqual([report.verdict, report.open], ['whole', 1])
})

test('who came while nothing could be written is refused, even if that works again before the turn ends', async () => {
  const folder = newFolder()
  const { trail, endTurn, fail, ring } = await openTrail(folder, { journalTurnBytesMax: 2_000 })
  trail.append(opened)
  endTurn()
  fail('append')
  const answers: (Error | undefined)[] = []
  // The first fills the turn, which is written at once and fails.
  trail.record([intent(3, { text: 'x'.repeat(3_000) })], told(answers))
  assert.equal(trail.writable, false)
  trail.record([intent(4)], told(answers))
  fail(undefined)
  ring()
  assert.equal(trail.writable, true)
  trail.record([intent(5)], told(answers))
  endTurn()
  assert.ok(answers.every(answer => answer instanceof Error))
  trail.record([intent(6)], told(answers))
  endTurn()
  assert.equal(answers[3], undefined)
  await trail.close()
  const found = readRecords(folder)
  const ids = found.filter(record => record.k === 'statement').map(record => record.id)
  assert.deepEqual(ids, [eventId(5), eventId(6)])
  // 5 was refused with its neighbours though it was written: it has the outcome `unknown`; 6 still runs.
  assert.equal((await verifyJournal(folder)).open, 1)
})

test('more outcomes than are kept become unknown, and what else is lost is said', async () => {
  const folder = newFolder()
  const { trail, endTurn, fail, ring } = await openTrail(folder, { journalKeptEventsMax: 1 })
  trail.record([opened, intent(3), intent(4)], () => undefined)
  endTurn()
  fail('append')
  trail.append(outcome(20, 3))
  endTurn()
  trail.append(outcome(21, 4))
  trail.append({ ...life[8], id: eventId(60) } as (typeof life)[number])
  endTurn()
  fail(undefined)
  ring()
  await trail.close()
  const found = readRecords(folder)
  assert.deepEqual(
    found.filter(record => record.k === 'statement.ended').map(record => record.result),
    ['ok', 'unknown'],
  )
  assert.deepEqual(
    found.filter(record => record.k === 'note').map(record => [record.what, record.count]),
    [
      ['lost', 1],
      ['probe', 0],
    ],
  )
  assert.equal((await verifyJournal(folder)).open, 0)
})

test('a sync that fails refuses whoever waited for it; what was written gets an outcome, and a new segment is begun', async () => {
  const folder = newFolder()
  const { trail, endTurn, fail, ring } = await openTrail(folder)
  fail('sync')
  const answer = new Promise<Error | undefined>(resolve => {
    trail.record([opened, intent(3, { strength: 'strict' })], resolve)
  })
  endTurn()
  assert.match(String(await answer), /cannot be brought to disk/)
  assert.equal(trail.writable, false)
  fail(undefined)
  ring()
  await trail.close()
  assert.deepEqual(await openJournalFile(folder).segments(), [1, 2])
  const ended = readRecords(folder).filter(record => record.k === 'statement.ended')
  assert.deepEqual(
    ended.map(record => record.result),
    ['unknown'],
  )
  assert.equal((await verifyJournal(folder)).verdict, 'whole')
})

test('a turn that brings more than is held in memory is written in between, and called back at its end', async () => {
  const folder = newFolder()
  const { trail, calls, endTurn } = await openTrail(folder, { journalTurnBytesMax: 10_000 })
  const order: number[] = []
  for (let n = 3; n < 40; n++) trail.record([intent(n, { text: 'x'.repeat(1_000) + n })], () => order.push(n))
  assert.ok(calls.filter(call => call === 'append').length >= 4)
  assert.deepEqual(order, [])
  endTurn()
  assert.equal(order.length, 37)
  await trail.close()
  assert.equal((await verifyJournal(folder)).verdict, 'whole')
})

test('segments carry the chain on; a new life starts one, and gives what was open an outcome', async () => {
  const folder = newFolder()
  const first = await openTrail(folder, { journalSegmentBytesMax: 2_000 })
  first.trail.record([opened], () => undefined)
  for (let n = 3; n < 23; n++) {
    first.trail.record([intent(n)], () => undefined)
    if (n > 4) first.trail.append(outcome(100 + n, n))
    first.endTurn()
  }
  await first.trail.close()
  const before = await verifyJournal(folder)
  assert.ok(before.segments > 3)
  assert.deepEqual([before.verdict, before.open], ['whole', 2])
  const second = await openTrail(folder)
  await second.trail.close()
  const report = await verifyJournal(folder)
  assert.deepEqual([report.verdict, report.open, report.segments], ['whole', 0, before.segments + 1])
  const unknown = readRecords(folder).filter(
    record => record.k === 'statement.ended' && record.result === 'unknown',
  )
  assert.equal(unknown.length, 2)
})

test('a torn tail is set aside at the next start, and nothing of it is lost', async () => {
  for (const torn of ['half a record', '\0'.repeat(5_000), `${'0'.repeat(64)} {"n":1}\nmore\n`]) {
    const folder = newFolder()
    const first = await openTrail(folder)
    first.trail.record(life, () => undefined)
    first.endTurn()
    await first.trail.close()
    const size = statSync(segmentFile(folder, 1)).size
    appendFileSync(segmentFile(folder, 1), torn)
    const second = await openTrail(folder)
    await second.trail.close()
    assert.equal(statSync(segmentFile(folder, 1)).size, size)
    assert.equal(readFileSync(`${segmentFile(folder, 1)}.torn-${size}`, 'utf8'), torn)
    const report = await verifyJournal(folder)
    assert.equal(report.verdict, 'whole')
    assert.match(report.notes.join(), new RegExp(`${torn.length} bytes of an unfinished write`))
  }
})

test('a segment of which nothing was written is begun again', async () => {
  for (const left of [0, 30]) {
    const folder = newFolder()
    const first = await openTrail(folder, { journalSegmentBytesMax: 100 })
    first.trail.record([opened], () => undefined)
    first.endTurn()
    first.trail.record([intent(3)], () => undefined)
    first.endTurn()
    await first.trail.close()
    truncateSync(segmentFile(folder, 2), left)
    const second = await openTrail(folder)
    second.trail.record([intent(4)], () => undefined)
    second.endTurn()
    await second.trail.close()
    assert.deepEqual(
      [(await verifyJournal(folder)).verdict, (await verifyJournal(folder)).segments],
      ['whole', 2],
    )
  }
})

test('two servers cannot write one journal', async () => {
  const folder = newFolder()
  const first = await openTrail(folder)
  const second = await openTrail(folder)
  first.trail.record([opened], () => undefined)
  first.endTurn()
  const answers: (Error | undefined)[] = []
  second.trail.record([opened], told(answers))
  second.endTurn()
  assert.ok(answers[0] instanceof Error)
  await first.trail.close()
  await second.trail.close()
  assert.equal((await verifyJournal(folder)).verdict, 'whole')
})

interface Life {
  readonly child: ChildProcess
  readonly lines: string[]
  /** Until a line like this is said. */
  readonly heard: (line: string) => Promise<void>
  readonly ended: Promise<unknown>
}

const program = new URL('./journal-life.ts', import.meta.url).pathname

function startLife(command: string, args: readonly string[]): Life {
  const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  children.push(child)
  const lines: string[] = []
  /** What was heard once is not heard again. */
  let cursor = 0
  let news: () => void = () => undefined
  const reader = createInterface({ input: child.stdout })
  reader.on('line', line => {
    lines.push(line)
    news()
  })
  const ended = Promise.all([once(child, 'exit'), once(reader, 'close')])
  const heard = (start: string) =>
    new Promise<void>((resolve, reject) => {
      news = () => {
        while (cursor < lines.length) {
          if (lines[cursor++]?.startsWith(start) !== true) continue
          news = () => undefined
          return resolve()
        }
      }
      news()
      void ended.then(() => reject(new Error(`ended before it said ${start}`)))
    })
  return { child, lines, heard, ended }
}

const idsAfter = (lines: readonly string[], word: string) =>
  lines.filter(line => line.startsWith(`${word} `)).map(line => line.slice(word.length + 1))

test('killed at random moments, many times: the chain is whole and holds everything that was acknowledged', {
  timeout: 60_000,
}, async () => {
  const folder = newFolder()
  const acknowledged: string[] = []
  const ended: string[] = []
  for (let round = 0; round < 15; round++) {
    const one = startLife(process.execPath, [program, folder, 'both', '60000'])
    await one.heard('ok')
    const moment = Math.random() * 80
    await new Promise(resolve => setTimeout(resolve, moment))
    // Also while it is being written, a verifier finds nothing wrong.
    if (round % 3 === 0) assert.equal((await verifyJournal(folder)).broken, undefined)
    one.child.kill('SIGKILL')
    await one.ended
    acknowledged.push(...idsAfter(one.lines, 'ok'))
    ended.push(...idsAfter(one.lines, 'ended'))
    assert.equal((await verifyJournal(folder)).broken, undefined)
  }
  const last = startLife(process.execPath, [program, folder, 'written', '60000'])
  await last.heard('ok')
  last.child.stdin?.write('close\n')
  await last.ended
  const records = readRecords(folder)
  const recorded = new Set(records.filter(record => record.k === 'statement').map(record => record.id))
  assert.ok(acknowledged.length > 500, `only ${acknowledged.length}`)
  assert.deepEqual(
    acknowledged.filter(id => !recorded.has(id)),
    [],
  )
  const outcomes = records.filter(record => record.k === 'statement.ended').map(record => record.of)
  assert.equal(new Set(outcomes).size, outcomes.length, 'no statement has two outcomes')
  assert.ok(!outcomes.includes(0))
  const report = await verifyJournal(folder)
  assert.equal(report.verdict, 'whole')
  // All but what the last life left running has an outcome: its own, or `unknown`.
  assert.ok(report.open <= last.lines.length)
  assert.ok(ended.length > 400)
})

test('a file that may grow no further: refused, taken back, and on again when there is room', {
  timeout: 30_000,
}, async () => {
  const folder = newFolder()
  const one = startLife('sh', [
    '-c',
    `trap '' XFSZ; exec prlimit --fsize=100001:unlimited ${process.execPath} ${program} ${folder} written 10000000 pause`,
  ])
  await one.heard('failing')
  const full = await verifyJournal(folder)
  assert.equal(full.broken, undefined)
  assert.ok(statSync(segmentFile(folder, 1)).size <= 100_001)
  await run('prlimit', ['--pid', String(one.child.pid), '--fsize=unlimited:unlimited'])
  await one.heard('working')
  one.child.stdin?.write('close\n')
  await one.ended
  await assertWholeAndExact(folder, one.lines)
})

test('a full disk: refused, taken back, and on again when there is room', {
  timeout: 30_000,
}, async context => {
  if (process.getuid?.() !== 0) {
    context.diagnostic('a small disk can be mounted by root only; the limit on the size of a file was tested')
    return
  }
  const folder = newFolder()
  const mount = join(folder, 'disk')
  const one = startLife('unshare', [
    '-m',
    'sh',
    '-c',
    // The shell stays, so that the test can make room from within.
    `mkdir ${mount} && mount -t tmpfs -o size=1m tmpfs ${mount} && head -c 900000 /dev/zero > ${mount}/ballast &&
     { ${process.execPath} ${program} ${mount}/journal written 40000 pause <&3 & } 3<&0 &&
     while [ ! -e ${folder}/room ]; do sleep 0.02; done && rm ${mount}/ballast && wait && cp -r ${mount}/journal ${folder}/copy`,
  ])
  await one.heard('failing')
  appendFileSync(join(folder, 'room'), '')
  await one.heard('working')
  one.child.stdin?.write('close\n')
  await one.ended
  await assertWholeAndExact(join(folder, 'copy'), one.lines)
})

/** Everything that was acknowledged is there once, and nothing that was refused. */
async function assertWholeAndExact(folder: string, lines: readonly string[]): Promise<void> {
  const report = await verifyJournal(folder)
  assert.equal(report.broken, undefined)
  assert.equal(report.verdict, 'whole')
  const recorded = readRecords(folder)
    .filter(record => record.k === 'statement')
    .map(record => record.id)
  assert.equal(new Set(recorded).size, recorded.length)
  const known = new Set(recorded)
  const missing = idsAfter(lines, 'ok').filter(id => !known.has(id))
  assert.deepEqual(missing, [])
  const refused = idsAfter(lines, 'failed').filter(id => known.has(id))
  assert.deepEqual(refused, [])
  assert.ok(idsAfter(lines, 'failed').length > 0)
  const outcomes = readRecords(folder).filter(record => record.k === 'statement.ended')
  const ended = idsAfter(lines, 'ended')
  assert.ok(outcomes.length <= ended.length)
  assert.ok(
    ended.length - outcomes.length <= 5,
    'outcomes reported while the disk was full are on record later',
  )
}
