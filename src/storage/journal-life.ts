// A server's audit as a process of its own, for tests that kill it or take its disk away. Talks in lines: what is acknowledged, what failed.

import { randomBytes } from 'node:crypto'
import { systemClock } from '../core/clock.ts'
import type { StatementIntent } from '../core/event.ts'
import { createIds, type EventId } from '../core/ids.ts'
import { limits } from '../core/limits.ts'
import { opened, plainSealing, plan, sessionId } from '../audit/example.ts'
import { recoverJournal } from '../audit/recover.ts'
import { JournalTrail } from '../audit/trail.ts'
import { openJournalFile } from './journal-file.ts'

const [folder = '', strength = 'written', segmentBytes = '200000', pauseOnFailure = 'no'] =
  process.argv.slice(2)
const say = (line: string) => process.stdout.write(`${line}\n`)

const file = openJournalFile(folder)
const trail = new JournalTrail(
  {
    file,
    sealing: plainSealing,
    serverId: 'test',
    clock: systemClock,
    limits: { ...limits, journalSegmentBytesMax: Number(segmentBytes), journalProbeMs: 20 },
    atEndOfTurn: run => void setImmediate(run),
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    log: { info: message => say(`info ${message}`), error: message => say(`error ${message}`) },
  },
  await recoverJournal(file),
)
const newId = createIds(() => systemClock.nowMs(), randomBytes)
trail.append({ ...opened, id: newId<EventId>() } as typeof opened)

let failing = false

function one(): void {
  const id = newId<EventId>()
  const text = `select ${'x'.repeat(Math.trunc(Math.random() * 200))} from ${id}`
  const both = strength === 'both' ? (Math.random() < 0.1 ? 'strict' : 'written') : strength
  const intent: StatementIntent = {
    kind: 'statement',
    id,
    atMs: systemClock.nowMs(),
    sessionId,
    plan: Math.random() < 0.01 ? { ...plan } : plan,
    text,
    strength: both as StatementIntent['strength'],
  }
  trail.record([intent], error => {
    if (error !== undefined) {
      say(`failed ${id}`)
      if (!failing) say('failing')
      failing = true
      setTimeout(one, pauseOnFailure === 'no' ? 0 : 5)
      return
    }
    if (failing) say('working')
    failing = false
    say(`ok ${id}`)
    setImmediate(() => {
      // Of some the outcome never comes.
      if (Math.random() > 0.05) {
        trail.append({
          kind: 'statement.ended',
          id: newId<EventId>(),
          atMs: systemClock.nowMs(),
          statementId: id,
          sessionId,
          rows: 1,
          bytes: 2,
          durationMs: 1,
          result: 'ok',
        })
        say(`ended ${id}`)
      }
      one()
    })
  })
}

// Nobody is there any more who would end it.
process.stdin.on('end', () => process.exit(1))
process.stdin.on('data', () => {
  void trail.close().then(() => {
    say('closed')
    process.exit(0)
  })
})
for (let n = 0; n < 5; n++) one()
