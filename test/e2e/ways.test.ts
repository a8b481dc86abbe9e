// Ways to targets: by a jump host of OpenSSH, and through HAProxy with the PROXY protocol on both sides.

import assert from 'node:assert/strict'
import { connect, Socket } from 'node:net'
import { after, before, describe, it } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import type { TargetInput, TargetRow } from '../../src/console/contract.ts'
import { freePorts, type RunningHaproxy, startHaproxy } from '../support/haproxy.ts'
import { type Mariadb, startMariadb } from '../support/mariadb.ts'
import type { RunningPostgres } from '../support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../support/sekisho.ts'
import { type RunningSshd, startSshd } from '../support/sshd.ts'
import { startShop } from './shop.ts'

/** Another address of this machine, which a client comes from. */
const clientAddress = '127.0.0.7'

describe('ways to targets', () => {
  let shop: RunningPostgres
  let mariadb: Mariadb
  let sshd: RunningSshd
  let haproxy: RunningHaproxy
  let sekisho: RunningSekisho
  let ann: Person
  let ports: readonly number[]
  let jump: NonNullable<TargetInput['jump']>

  before(async () => {
    ;[shop, mariadb, sshd] = await Promise.all([startShop(), startMariadb(), startSshd()])
    await mariadb.asRoot('create table sekisho.things (id int primary key, name varchar(20))')
    sekisho = await startSekisho()
    ports = await freePorts(2)
    jump = {
      host: sshd.host,
      port: sshd.port,
      user: sshd.user,
      hostKey: sshd.hostKey,
      auth: 'key',
      secret: sshd.privateKey,
    }
    await sekisho.addTarget('jumped', shop, { jump })
    await sekisho.addTarget('told', { ...shop, port: ports[0] ?? 0 }, { sendProxy: true })
    await sekisho.addTarget('both', { ...shop, port: ports[0] ?? 0 }, { sendProxy: true, jump })
    haproxy = await startHaproxy(`
listen accepting
  bind 127.0.0.1:${ports[0]} accept-proxy
  server shop ${shop.host}:${shop.port}`)
    await sekisho.savePolicies(`@id("all") permit(principal in Group::"staff", action, resource);`)
    ann = await sekisho.addPerson('ann', ['staff'])
  })
  after(async () => {
    await sekisho?.stop()
    await Promise.all([shop?.stop(), mariadb?.stop(), sshd?.stop(), haproxy?.stop()])
  })

  async function ask(target: string, sql: string): Promise<unknown> {
    const client = new pg.Client({
      ...ann.connection(target),
      stream: () => connectFrom(clientAddress),
    })
    await client.connect()
    try {
      return (await client.query({ text: sql, rowMode: 'array' })).rows
    } finally {
      await client.end()
    }
  }
  const loggedUntil = async (found: RegExp): Promise<void> => {
    for (let left = 200; !found.test(haproxy.log()); left -= 1) {
      assert.ok(left > 0, haproxy.log())
      await pause(20)
    }
  }

  it('runs a statement by way of a jump host, its pictures too', async () => {
    assert.deepEqual(await ask('jumped', 'select 1 from customers limit 1'), [[1]])
    assert.match(sshd.log(), /Accepted publickey/)
    const row = await targetOf('jumped')
    assert.equal(row.admin?.jump?.host, sshd.host)
    assert.ok(!JSON.stringify(row).includes('PRIVATE'))
    const tables = await sekisho.admin.call('GET /api/targets/:id/tables', undefined, { id: row.id })
    assert.ok(tables.some(table => table.table === 'customers'))
  })

  it('cancels by way of the jump host', async () => {
    const client = new pg.Client(ann.connection('jumped'))
    await client.connect()
    const running = client.query('select pg_sleep(30)')
    const { processID, secretKey } = client as unknown as { processID: number; secretKey: number }
    const request = Buffer.alloc(16)
    request.writeInt32BE(16, 0)
    request.writeInt32BE(80_877_102, 4)
    request.writeInt32BE(processID, 8)
    request.writeInt32BE(secretKey, 12)
    const { port, host } = ann.connection('jumped')
    const cancelling = setInterval(
      () =>
        connect(port, host)
          .on('error', () => undefined)
          .end(request),
      100,
    )
    await assert.rejects(running, { code: '57014' })
    clearInterval(cancelling)
    await client.end()
  })

  it('tries a target of each kind by way of a jump host', async () => {
    for (const [protocol, server] of [
      ['postgres', shop],
      ['mysql', mariadb],
    ] as const) {
      const { host, port, database, user, password } = server
      const input = { name: 'x', protocol, host, port, database, account: user, password, tags: {}, jump }
      const test = await sekisho.admin.call('POST /api/targets/test', { ...input, tls: 'prefer' })
      assert.equal(test.ok, true, JSON.stringify(test))
      const wrong = { ...input, jump: { ...jump, hostKey: `SHA256:${'B'.repeat(43)}` } }
      const refused = await sekisho.admin.call('POST /api/targets/test', { ...wrong, tls: 'prefer' })
      assert.ok(!refused.ok && /another host key/.test(refused.message), JSON.stringify(refused))
    }
    const things = await sekisho.addTarget('things', mariadb, { protocol: 'mysql', jump })
    const tables = await sekisho.admin.call('GET /api/targets/:id/tables', undefined, { id: things.id })
    assert.deepEqual(
      tables.map(table => [table.schema, table.table, table.columns.map(column => column.name)]),
      [['sekisho', 'things', ['id', 'name']]],
    )
  })

  it('shows the key of a jump host before anybody trusts it', async () => {
    const shown = await sekisho.admin.call('POST /api/targets/host-key', { host: sshd.host, port: sshd.port })
    assert.equal(shown.fingerprint, sshd.fingerprint)
    assert.equal(shown.key, sshd.hostKey.split(' ').slice(0, 2).join(' '))
    await assert.rejects(ann.api.call('POST /api/targets/host-key', { host: sshd.host, port: sshd.port }))
  })

  it('keeps the key for the jump host it was given for', async () => {
    const row = await targetOf('jumped')
    const { secret: _secret, ...known } = jump
    const input = await inputOf('jumped')
    const kept = await sekisho.admin.call('POST /api/targets/test', { ...input, jump: known, id: row.id })
    assert.equal(kept.ok, true)
    await assert.rejects(
      sekisho.admin.call(
        'PUT /api/targets/:id',
        { ...input, jump: { ...known, host: 'localhost' } },
        { id: row.id },
      ),
      /private key/,
    )
  })

  it('tells a target whom a connection is for', async () => {
    await ask('told', 'select count(*) from customers')
    await loggedUntil(new RegExp(`accepting ${clientAddress.replaceAll('.', '\\.')}:\\d+`))
    await ask('both', 'select count(*) from customers')
  })

  describe('behind a load balancer', () => {
    let behind: RunningSekisho
    let balancer: RunningHaproxy
    let bob: Person

    before(async () => {
      behind = await startSekisho({
        environment: { SEKISHO_TARGETS_PROXY_PROTOCOL_FROM: '127.0.0.1, 10.0.0.0/8' },
      })
      const row = await behind.addTarget('shop', shop)
      balancer = await startHaproxy(`
listen v2
  bind 127.0.0.1:${ports[1]}
  server sekisho 127.0.0.1:${row.listenPort} send-proxy-v2`)
      await behind.savePolicies(`@id("all") permit(principal in Group::"staff", action, resource);`)
      bob = await behind.addPerson('bob', ['staff'])
    })
    after(async () => {
      await behind?.stop()
      await balancer?.stop()
    })

    it('records the address that the balancer tells', async () => {
      const client = new pg.Client({
        ...bob.connection('shop'),
        port: ports[1] ?? 0,
        stream: () => connectFrom(clientAddress),
      })
      await client.connect()
      await client.query('select 1')
      await client.end()
      const entries = await behind.auditUntil({ userName: 'bob', kinds: ['session.opened'] }, all =>
        all.some(entry => JSON.stringify(entry).includes(clientAddress)),
      )
      assert.ok(entries.length > 0)
    })

    it('turns a balancer away that does not say whom it speaks for', async () => {
      const client = new pg.Client({ ...bob.connection('shop'), connectionTimeoutMillis: 30_000 })
      client.on('error', () => undefined)
      await assert.rejects(client.connect())
      await behind.auditUntil({}, all =>
        all.some(entry => JSON.stringify(entry).includes('protocol.violation')),
      )
    })

    it('takes no header from anybody else', async () => {
      const { port } = bob.connection('shop')
      const socket = connectFrom('127.0.0.9')
      socket.connect(port, '127.0.0.1')
      socket.write('PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\n')
      let heard = ''
      for await (const bytes of socket) heard += String(bytes)
      assert.match(heard, /sekisho\.protocol\.violation/)
    })
  })

  const targetOf = async (name: string): Promise<TargetRow> => {
    const found = (await sekisho.admin.call('GET /api/targets')).targets.find(target => target.name === name)
    assert.ok(found)
    return found
  }
  const inputOf = async (name: string): Promise<TargetInput> => {
    const { admin, protocol, database, tags } = await targetOf(name)
    assert.ok(admin)
    const { host, port, account, tls } = admin
    return { name, protocol, host, port, database, account, tls, tags }
  }
})

/** A socket that comes from an address of our choice; the driver connects it. */
function connectFrom(localAddress: string): Socket {
  const socket = new Socket()
  const plain = socket.connect.bind(socket)
  return Object.assign(socket, {
    connect: (port: number, host: string) => plain({ port, host, localAddress }),
  })
}
