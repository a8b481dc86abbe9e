// `npm run bench:sessions`: many idle and some busy sessions of MySQL clients on one server, for minutes.
// Prints memory per idle session, and whether every answer came and every statement is on record.
// Options: --idle N --busy N --minutes N --pause N (ms between the statements of a busy session)

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { startMariadb } from '../test/support/mariadb.ts'
import { startSekisho, type Person, type RunningSekisho } from '../test/support/sekisho.ts'
import { MysqlWire } from '../test/bypass/mysql/wire.ts'
import { asStarted } from './as-started.ts'
import { residentMegabytes } from './measure.ts'

const { values } = parseArgs({
  options: {
    idle: { type: 'string', default: '2000' },
    busy: { type: 'string', default: '200' },
    minutes: { type: 'string', default: '5' },
    pause: { type: 'string', default: '100' },
  },
})
const idle = Number(values.idle)
const busy = Number(values.busy)
const pauseMs = Number(values.pause)
const untilMs = Number(values.minutes) * 60_000
const carriedWithinMs = 300_000
/** Few people, since only so many may sign in from one address in a minute. */
const sessionsPerPerson = 500
/** Under `connectionsPerTargetMax`. */
const targetCount = 2
const loginsAtOnce = 50

const log = (text: string): void => console.log(text)

const policies = `
@id("bench")
permit(principal, action in [Action::"connect", Action::"select"], resource);
`

async function main(): Promise<void> {
  const target = await startMariadb()
  const stops: (() => Promise<void>)[] = [() => target.stop()]
  try {
    await target.asRoot(
      'SET GLOBAL max_connections = 4000; USE sekisho; CREATE TABLE numbers (id int PRIMARY KEY, email varchar(40)); ' +
        "INSERT INTO sekisho.numbers SELECT seq, concat('n', seq, '@example.com') FROM seq_1_to_1000",
    )
    const sekisho = await startSekisho({
      environment: {
        ...asStarted,
        SEKISHO_LIMITS_SESSIONS_PER_USER_MAX: String(sessionsPerPerson),
      },
    })
    stops.push(() => sekisho.stop())
    for (let index = 0; index < targetCount; index += 1)
      await sekisho.addTarget(`bench-${index}`, target, { protocol: 'mysql' })
    await sekisho.savePolicies(policies)
    const people: Person[] = []
    for (let index = 0; index * sessionsPerPerson < idle + busy; index += 1)
      people.push(await sekisho.addPerson(`bench-${index}`, []))
    const open = (index: number): Promise<MysqlWire> => {
      const person = people[Math.floor(index / sessionsPerPerson)]
      if (person === undefined) throw new Error('too few people')
      return MysqlWire.open(person.connection(`bench-${index % targetCount}`))
    }
    // What the first sessions bring along once is not what each costs.
    const first = await openMany(busy, 0, open)
    for (const wire of first) await check(wire, 1)
    const before = residentMegabytes(sekisho.pid)
    log(`Sekisho with ${busy} sessions: ${before.toFixed(0)} MB resident`)
    const sleeping = await openMany(idle, busy, open)
    for (const wire of sleeping) await check(wire, 2)
    const after = residentMegabytes(sekisho.pid)
    log(
      `with ${idle} idle sessions more: ${after.toFixed(0)} MB, ${(((after - before) * 1024) / idle).toFixed(1)} kB for each`,
    )
    const begun = await countRecorded(sekisho)
    const figures = await keepBusy(first)
    log(
      `${busy} busy for ${values.minutes} minutes: ${figures.asked} queries, ${figures.wrong} wrong or missing answers; ${residentMegabytes(sekisho.pid).toFixed(0)} MB at the end`,
    )
    const lostSleepers = await countLost(sleeping)
    log(`${lostSleepers} of ${idle} idle sessions lost`)
    const recorded = await countRecorded(sekisho)
    log(
      `of ${figures.asked + idle} statements of that time, ${recorded.all - begun.all} are on record, ${recorded.ok - begun.ok} of them with the outcome ok`,
    )
    for (const wire of [...first, ...sleeping]) wire.close()
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

async function openMany(
  count: number,
  from: number,
  open: (index: number) => Promise<MysqlWire>,
): Promise<readonly MysqlWire[]> {
  const opened: MysqlWire[] = []
  for (let at = 0; at < count; at += loginsAtOnce) {
    const some = Array.from({ length: Math.min(loginsAtOnce, count - at) }, (_, index) =>
      open(from + at + index),
    )
    opened.push(...(await Promise.all(some)))
  }
  return opened
}

interface Recorded {
  readonly all: number
  readonly ok: number
}

/** Of all statements so far, once the server database has them all. */
async function countRecorded(sekisho: RunningSekisho): Promise<Recorded> {
  const until = performance.now() + carriedWithinMs
  for (;;) {
    const { sequence, waiting } = await sekisho.admin.call('GET /api/audit/chain')
    if (waiting === 0) break
    if (performance.now() > until)
      throw new Error(`${waiting} of ${sequence} events are still not in the server database`)
    await pause(1_000)
  }
  const database = new DatabaseSync(join(sekisho.dataDir, 'sekisho.db'), { readOnly: true })
  const count = (where: string): number =>
    Number(database.prepare(`SELECT count(*) AS n FROM audit_events WHERE ${where}`).get()?.['n'])
  const recorded = { all: count("kind = 'statement'"), ok: count("kind = 'statement' AND result = 'ok'") }
  database.close()
  return recorded
}

async function check(wire: MysqlWire, id: number): Promise<boolean> {
  const said = await wire.ask(`SELECT email FROM numbers WHERE id = ${id}`)
  return said.errors.length === 0 && said.packets.some(packet => packet.includes(`n${id}@example.com`))
}

async function keepBusy(wires: readonly MysqlWire[]): Promise<{ asked: number; wrong: number }> {
  const end = performance.now() + untilMs
  const figures = { asked: 0, wrong: 0 }
  await Promise.all(
    wires.map(async (wire, index) => {
      for (let turn = 0; performance.now() < end; turn += 1) {
        figures.asked += 1
        if (!(await check(wire, 1 + ((index * 7 + turn) % 1000)))) figures.wrong += 1
        await pause(pauseMs)
      }
    }),
  )
  return figures
}

async function countLost(wires: readonly MysqlWire[]): Promise<number> {
  let lost = 0
  for (const wire of wires) if (!(await check(wire, 3))) lost += 1
  return lost
}

await main()
