// Bad luck in front of MariaDB: silence, clients and targets that go away, a load balancer; and the target's own log against the record.

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { connect, createServer, type Server, Socket } from 'node:net'
import { after, before, describe, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { type Connection, createConnection } from 'mysql2/promise'
import { factsQuestion } from '../../src/protocols/mysql/session-facts.ts'
import * as sourceTexts from '../../src/sources/mysql/questions.ts'
import { freePorts, type RunningHaproxy, startHaproxy } from '../support/haproxy.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { mysqlServers, mysqlShopTags, type MysqlShop } from './mysql-shop.ts'

const policies = `
@id("staff-works")
permit(principal in Group::"staff", action in [Action::"connect", Action::"select", Action::"insert", Action::"update", Action::"delete", Action::"call"], resource);
`
const loginTimeoutMs = 1_000
const idleTimeoutMs = 2_000
/** Another address of this machine, which a client comes from. */
const clientAddress = '127.0.0.7'
/** So much of an answer passes before the wire to the target breaks. */
const bytesBeforeBreak = 100_000

describe('bad luck at MariaDB', () => {
  let shop: MysqlShop
  let sekisho: RunningSekisho
  let breaking: BreakingWire
  let ann: Person
  let port: number

  before(async () => {
    const [, start] = mysqlServers[0] ?? []
    assert.ok(start)
    shop = await start()
    breaking = await openBreakingWire(shop.port)
    sekisho = await startSekisho({
      environment: {
        SEKISHO_LIMITS_LOGIN_TIMEOUT_MS: String(loginTimeoutMs),
        SEKISHO_LIMITS_IDLE_TIMEOUT_MS: String(idleTimeoutMs),
      },
    })
    const target = await sekisho.addTarget('shop', shop, { protocol: 'mysql' })
    port = target.listenPort
    await sekisho.addTarget('breaking', { ...shop, port: breaking.port }, { protocol: 'mysql' })
    for (const column of mysqlShopTags)
      await sekisho.admin.call('PUT /api/targets/:id/tags', column, { id: target.id })
    await sekisho.savePolicies(policies)
    ann = await sekisho.addPerson('ann', ['staff'])
  })
  after(async () => {
    await sekisho?.stop()
    await breaking?.stop()
    await shop?.stop()
  })

  /** What the target runs for us that holds a text. */
  const running = async (text: string): Promise<number> =>
    (
      await shop.asRoot(
        `select id from information_schema.processlist where info like '%${text}%' and info not like '%processlist%'`,
      )
    ).length
  const until = async (holds: () => Promise<boolean>, what: string): Promise<void> => {
    for (let left = 400; !(await holds()); left -= 1) {
      assert.ok(left > 0, what)
      await pause(25)
    }
  }
  const stillServes = async (): Promise<void> =>
    withConnection(ann, 'shop', async connection => {
      const [rows] = await connection.query('select 1 as n')
      assert.deepEqual(rows, [{ n: 1 }])
    })

  test('a session in which nothing is said ends, and one in which something runs does not', async () => {
    const idle = await createConnection(ann.connection('shop'))
    const ended = new Promise<Error>(resolve => idle.on('error', resolve))
    await withConnection(ann, 'shop', async connection => {
      for (let turn = 0; turn < 6; turn += 1) {
        await connection.query('select sleep(0.5)')
      }
    })
    await ended
    await sekisho.auditUntil({ userName: 'ann', kinds: ['session.closed'] }, all =>
      all.some(entry => JSON.stringify(entry).includes('session.ended')),
    )
    idle.destroy()
  })

  test('who connects and says nothing, or half of a login, is sent away', async () => {
    for (const said of [Buffer.alloc(0), Buffer.of(0x50, 0, 0, 1, 0x85), Buffer.of(0xff, 0xff, 0xff, 1)]) {
      const socket = connect(port, '127.0.0.1')
      socket.on('error', () => undefined).resume()
      await once(socket, 'connect')
      socket.write(said)
      await once(socket, 'close')
    }
    await stillServes()
  })

  test('a client that closes its half in the middle of a login or of a packet is gone', async () => {
    const silent = connect({ port, host: '127.0.0.1', allowHalfOpen: true })
    silent.on('error', () => undefined).resume()
    await once(silent, 'connect')
    silent.end(Buffer.of(0x20, 0, 0, 1, 1))
    await once(silent, 'close')
    const connection = await createConnection(ann.connection('shop'))
    connection.on('error', () => undefined)
    const { stream } = socketOf(connection)
    const closed = once(stream, 'close')
    stream.end(Buffer.of(0xff, 0, 0, 0, 3))
    await closed
    await stillServes()
  })

  test('what runs for a client that is gone is stopped at the target', async () => {
    const connection = await createConnection(ann.connection('shop'))
    connection.on('error', () => undefined)
    const answer = connection.query("select 'left behind', sleep(60)").catch((error: unknown) => error)
    await until(async () => (await running('left behind')) > 0, 'it does not run')
    socketOf(connection).stream.destroy()
    await until(async () => (await running('left behind')) === 0, 'it still runs')
    await answer
    await sekisho.auditUntil({ userName: 'ann', kinds: ['statement'] }, entries =>
      entries.some(
        entry => entry.text?.includes('left behind') && entry.result !== undefined && entry.result !== 'ok',
      ),
    )
  })

  test('a target that dies in the middle of its rows ends the session with words, and the audit says unknown', async () => {
    const connection = await createConnection(ann.connection('breaking'))
    connection.on('error', () => undefined)
    const text = "select 'in the middle', a.id, b.email from customers a, customers b, customers c"
    await connection.query('select 1')
    breaking.arm()
    const error = await connection.query(text).then(
      () => undefined,
      (failed: Error) => failed,
    )
    assert.ok(error instanceof Error, 'all of it came')
    await sekisho.auditUntil({ userName: 'ann', kinds: ['statement'] }, entries =>
      entries.some(entry => entry.text === text && entry.result === 'unknown'),
    )
    await sekisho.auditUntil({ userName: 'ann', kinds: ['session.closed'] }, all =>
      all.some(entry => JSON.stringify(entry).includes('session.ended')),
    )
    await stillServes()
  })

  test('a target that closes its half between statements ends the session', async () => {
    const connection = await createConnection(ann.connection('breaking'))
    const gone = new Promise(resolve => connection.on('error', resolve))
    await connection.query('select 1')
    breaking.halfClose()
    await gone
    connection.destroy()
    await stillServes()
  })

  test('everything that the target ran for us is on record or of our own making, and the reverse', async () => {
    await shop.asRoot('set global log_output = "TABLE"', 'set global general_log = 1')
    await withConnection(ann, 'shop', workOf)
    const withoutTargets = await sekisho.addPerson('bob', [])
    await assert.rejects(createConnection(withoutTargets.connection('shop')))
    await sekisho.auditCarried()
    const logged = (await shop.asRoot(
      `select thread_id as thread, command_type as kind, cast(argument as char character set utf8mb4) as text
         from mysql.general_log where user_host like '%sekisho%'`,
    )) as readonly { readonly kind: string; readonly text: string }[]
    await shop.asRoot('set global general_log = 0')
    const entries = await sekisho.auditUntil(
      { userName: 'ann', kinds: ['statement'], limit: 500 },
      all => all.length > 10,
    )
    const recorded = new Set(
      entries.filter(entry => entry.verdict === 'allowed').map(entry => entry.text ?? ''),
    )
    const marksOf = (text: string): string => (/mark \d+/.exec(text) ?? [''])[0]
    const marks = new Set([...recorded].map(marksOf).filter(mark => mark !== ''))
    const own = await ownTexts(shop)

    const texts = logged.filter(
      ({ kind }) => !['Connect', 'Quit', 'Close stmt', 'Reset stmt', 'Ping'].includes(kind),
    )
    assert.ok(texts.length > 15, String(texts.length))
    for (const { kind, text } of texts) {
      // A session begins in its target's database, again after COM_CHANGE_USER.
      const isUse = kind === 'Init DB' && (recorded.has(`USE \`${text}\``) || text === shop.database)
      const isRecorded = recorded.has(text) || marks.has(marksOf(text)) || isUse
      assert.ok(isRecorded || own(text), `not on record: ${kind} ${text}`)
    }
    const seen = new Set(logged.map(({ text }) => marksOf(text)))
    const allowed = entries.filter(entry => entry.verdict === 'allowed' && marksOf(entry.text ?? '') !== '')
    assert.ok(allowed.length >= 8)
    for (const { text = '', result } of allowed) {
      assert.notEqual(result, undefined, `no outcome of ${text}`)
      assert.ok(seen.has(marksOf(text)), `never ran: ${text}`)
    }
    const refused = entries
      .filter(entry => entry.verdict === 'denied')
      .map(entry => marksOf(entry.text ?? ''))
    assert.ok(refused.length > 0)
    for (const mark of refused)
      assert.ok(mark !== '' && !seen.has(mark), `ran although it was refused: ${mark}`)
  })

  describe('behind a load balancer', () => {
    let behind: RunningSekisho
    let balancer: RunningHaproxy
    let bob: Person
    let front: number

    before(async () => {
      front = (await freePorts(1))[0] ?? 0
      behind = await startSekisho({
        environment: {
          SEKISHO_TARGETS_PROXY_PROTOCOL_FROM: '127.0.0.1',
          SEKISHO_LIMITS_LOGIN_TIMEOUT_MS: String(loginTimeoutMs),
        },
      })
      const row = await behind.addTarget('shop', shop, { protocol: 'mysql' })
      balancer = await startHaproxy(`
listen v2
  bind 127.0.0.1:${front}
  server sekisho 127.0.0.1:${row.listenPort} send-proxy-v2`)
      await behind.savePolicies(policies)
      bob = await behind.addPerson('bob', ['staff'])
    })
    after(async () => {
      await behind?.stop()
      await balancer?.stop()
    })

    test('the address that the balancer tells is on record, and the greeting comes before anything is said', async () => {
      const stream = new Socket().connect({ port: front, host: '127.0.0.1', localAddress: clientAddress })
      const connection = await createConnection({ ...bob.connection('shop'), stream })
      assert.deepEqual((await connection.query('select 1 as n'))[0], [{ n: 1 }])
      await connection.end()
      await behind.auditUntil({ userName: 'bob', kinds: ['session.opened'] }, all =>
        all.some(entry => JSON.stringify(entry).includes(clientAddress)),
      )
    })

    test('who comes without a header is turned away', async () => {
      await assert.rejects(createConnection({ ...bob.connection('shop'), connectTimeout: 30_000 }))
      await behind.auditUntil({}, all =>
        all.some(entry => JSON.stringify(entry).includes('protocol.violation')),
      )
    })
  })
})

async function withConnection(
  person: Person,
  target: string,
  use: (connection: Connection) => Promise<void>,
): Promise<void> {
  const connection = await createConnection(person.connection(target))
  try {
    await use(connection)
  } finally {
    connection.destroy()
  }
}

const socketOf = (connection: Connection): { readonly stream: Socket } =>
  (connection as unknown as { readonly connection: { readonly stream: Socket } }).connection

/** Statements of every kind that the log must have or must not have, each with its mark. */
async function workOf(connection: Connection): Promise<void> {
  let count = 0
  const mark = (): string => `mark ${(count += 1)}`
  const quietly = (asked: Promise<unknown>): Promise<unknown> => asked.catch(() => undefined)
  await connection.query(`select '${mark()}', id from orders limit 2`)
  await connection.query(`select '${mark()}', email from customers limit 2`)
  await connection.execute(`select '${mark()}', ? as n`, [7])
  await connection.execute(`select '${mark()}', email from customers where id = ?`, [3])
  await connection.query('begin')
  await connection.query(`insert into orders (customer_id, total) values (1, length('${mark()}'))`)
  await connection.query(`update customers set country = 'JP' where id = 2 and '${mark()}' <> ''`)
  await connection.query('rollback')
  await connection.query(`update customers set phone = '${mark()}' where id = 2`)
  await quietly(connection.query(`select '${mark()}', nothing from orders`))
  await quietly(connection.query(`select '${mark()}', load_file('/etc/passwd')`))
  await quietly(connection.query(`selec '${mark()}'`))
  await connection.changeUser({ database: 'sekisho' }).catch(() => undefined)
  await connection.query('use sekisho')
  await connection.query(`set @seen = '${mark()}'`)
}

/** What the gateway asks a target by itself: all of it is listed in the sources. */
async function ownTexts(shop: MysqlShop): Promise<(text: string) => boolean> {
  const known = (await shop.asRoot(sourceTexts.knownQuestion)) as never
  const texts = new Set([
    factsQuestion,
    sourceTexts.factsQuestion.trim(),
    sourceTexts.knownQuestion.trim(),
    ...sourceTexts.questions(known).map(({ sql }) => sql.trim()),
    ...sourceTexts.settings(1),
  ])
  const set = /^SET SESSION sql_mode = '', sql_quote_show_create = 1, lock_wait_timeout = \d+$/
  // Stopping what runs, and beginning a session anew (`change-user.ts`).
  const patterns = [set, /^KILL (?:QUERY )?\d+$/, /^SET NAMES \w+$/]
  return text => texts.has(text.trim()) || patterns.some(pattern => pattern.test(text))
}

interface BreakingWire {
  readonly port: number
  /** The next answer breaks off in its middle. */
  arm(): void
  /** The target says that it will say no more. */
  halfClose(): void
  stop(): Promise<void>
}

/** Stands between the gateway and a target, and breaks when it is told to. */
async function openBreakingWire(targetPort: number): Promise<BreakingWire> {
  let armed = false
  const open = new Set<Socket>()
  const server: Server = createServer({ allowHalfOpen: true }, near => {
    const far = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true })
    let passed = 0
    open.add(near)
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy())
      one.on('close', () => other.destroy())
      one.on('end', () => other.end())
    }
    near.on('data', bytes => far.write(bytes))
    far.on('data', bytes => {
      passed = armed ? passed + bytes.length : 0
      if (near.writable) near.write(bytes)
      if (passed < bytesBeforeBreak) return
      armed = false
      far.destroy()
      near.destroy()
    })
    near.on('close', () => open.delete(near))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  assert.ok(address !== null && typeof address === 'object')
  return {
    port: address.port,
    arm: () => {
      armed = true
    },
    halfClose: () => {
      for (const near of open) near.end()
    },
    stop: async () => {
      for (const near of open) near.destroy()
      server.close()
      await once(server, 'close')
    },
  }
}
