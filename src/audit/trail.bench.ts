// What an intent and its outcome cost, all in: encoding, hashing, sealing, one write a turn, one sync every 20 ms.

import { createCipheriv, createSecretKey, randomBytes, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../core/clock.ts'
import type { SessionOpened, StatementIntent, StatementPlan } from '../core/event.ts'
import { createIds, type EventId, type SessionId } from '../core/ids.ts'
import { limits } from '../core/limits.ts'
import { openJournalFile } from '../storage/journal-file.ts'
import { recoverJournal } from './recover.ts'
import type { Sealing } from './sealing.ts'
import { JournalTrail } from './trail.ts'

const pairs = 200_000
const key = createSecretKey(randomBytes(32))
const sealing: Sealing = {
  seal(plain) {
    const iv = randomBytes(12)
    const cipher = createCipheriv('aes-256-gcm', key, iv)
    return Buffer.concat([iv, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
  },
  open: sealed => sealed,
}
const newId = createIds(() => systemClock.nowMs(), randomBytes)
const plan: StatementPlan = {
  shape: 'SELECT abalance FROM pgbench_accounts WHERE aid = $1',
  verb: 'SELECT',
  tables: ['public.pgbench_accounts'],
  hidden: [],
  verdict: 'allowed',
  code: undefined,
  reason: undefined,
  decidedBy: [{ name: 'analysts-read', version: 7 }],
}

async function measure(name: string, atOnce: number, text: (n: number) => string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'sekisho-bench-'))
  const file = openJournalFile(folder)
  const trail = new JournalTrail(
    {
      file,
      sealing,
      serverId: 'bench',
      clock: systemClock,
      limits,
      atEndOfTurn: run => void setImmediate(run),
      after: (ms, run) => {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
      log: {
        info: () => undefined,
        error: (message, error) => process.stderr.write(`${message} ${String(error)}\n`),
      },
    },
    await recoverJournal(file),
  )
  const sessionId = randomUUID() as SessionId
  trail.append({
    kind: 'session.opened',
    id: newId<EventId>(),
    atMs: Date.now(),
    sessionId,
    userId: 'u',
    userName: 'ada',
    targetId: 't',
    targetName: 'shop',
    address: '10.0.0.1',
    program: 'pgbench',
    credential: 'bench',
    decidedBy: [],
  } as unknown as SessionOpened)
  // Ids cost the gate, not the audit.
  const ids = Array.from({ length: pairs * 2 }, () => newId<EventId>())
  let begun = 0
  let ended = 0
  const cpu = process.cpuUsage()
  const start = performance.now()
  await new Promise<void>(resolve => {
    const one = (): void => {
      if (begun >= pairs) return
      const n = begun++
      const id = ids[n] as EventId
      const intent: StatementIntent = {
        kind: 'statement',
        id,
        atMs: Date.now(),
        sessionId,
        plan,
        text: text(n),
        strength: 'written',
      }
      trail.record([intent], () => {
        setImmediate(() => {
          trail.append({
            kind: 'statement.ended',
            id: ids[pairs + n] as EventId,
            atMs: Date.now(),
            statementId: id,
            sessionId,
            rows: 1,
            bytes: 60,
            durationMs: 0.213,
            result: 'ok',
          })
          ended += 1
          if (ended === pairs) resolve()
          else one()
        })
      })
    }
    for (let n = 0; n < atOnce; n++) one()
  })
  await trail.close()
  const used = process.cpuUsage(cpu)
  const cpuUs = (used.user + used.system) / pairs
  const perSecond = Math.round(pairs / ((performance.now() - start) / 1000))
  process.stdout.write(
    `${name}, ${atOnce} at once: ${cpuUs.toFixed(2)} µs of processor a pair, ${perSecond}/s\n`,
  )
  rmSync(folder, { recursive: true })
}

for (const atOnce of [1, 8, 32]) {
  await measure('distinct texts', atOnce, n => `SELECT abalance FROM pgbench_accounts WHERE aid = ${n};`)
  await measure('text equal to its shape', atOnce, () => plan.shape)
}
