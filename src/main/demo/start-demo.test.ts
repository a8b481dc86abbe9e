// The demo target on real PostgreSQL: made, started again, found after a crash, and out of reach of everybody else.

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, describe, it } from 'node:test'
import { findDemoPlace } from './demo-place.ts'
import { connection, freePort } from './demo-server.ts'
import { rollShop, shopCounts } from './shop-rows.ts'
import { type DemoTarget, startDemo } from './start-demo.ts'

const say = () => undefined

async function ask(demo: DemoTarget, text: string): Promise<unknown[][]> {
  const client = connection(demo.port, demo.account, demo.database, demo.password)
  await client.connect()
  try {
    return (await client.query({ text, rowMode: 'array' })).rows as unknown[][]
  } finally {
    await client.end()
  }
}

describe('demo target', () => {
  let folder = ''
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sekisho-demo-'))
    chmodSync(folder, 0o755)
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('is a shop with all its rows, owned by an account without rights beyond it', async () => {
    const told: string[] = []
    const demo = await startDemo(folder, what => told.push(what))
    try {
      const counts = await ask(
        demo,
        `select (select count(*)::int from customers), (select count(*)::int from products),
                (select count(*)::int from orders), (select count(*)::int from employees)`,
      )
      assert.deepEqual(counts, [
        [shopCounts.customers, shopCounts.products, shopCounts.orders, shopCounts.employees],
      ])
      const [[privileged]] = (await ask(
        demo,
        'select rolsuper from pg_roles where rolname = current_user',
      )) as [[boolean]]
      assert.equal(privileged, false)
      const [[comments]] = (await ask(
        demo,
        `select count(*)::int from pg_description where objoid = 'customers'::regclass`,
      )) as [[number]]
      assert.ok(comments > 5)
      for (const { schema, table, column } of demo.suggestedTags) {
        await ask(demo, `select ${column} from ${schema}.${table} limit 1`)
      }
      assert.equal(told.length, 2)
    } finally {
      await demo.stop()
    }
  })

  it('keeps its data and its port, and its secrets from others', async () => {
    const first = await startDemo(folder, say)
    await ask(first, `update products set stock = 7 where id = 1`)
    await first.stop()
    const second = await startDemo(folder, say)
    try {
      assert.equal(second.port, first.port)
      assert.deepEqual(await ask(second, 'select stock from products where id = 1'), [[7]])
      assert.equal(statSync(join(folder, 'demo', 'kept.json')).mode & 0o077, 0)
      assert.ok(!JSON.stringify(second).includes(second.password.reveal()))
    } finally {
      await second.stop()
    }
  })

  it('starts again after its server was killed with it still running', async () => {
    const program = `
      import { startDemo } from ${JSON.stringify(new URL('./start-demo.ts', import.meta.url).href)}
      await startDemo(${JSON.stringify(folder)}, () => {})
      process.stdout.write('up')`
    const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'exit')
    const demo = await startDemo(folder, say)
    try {
      assert.deepEqual(await ask(demo, 'select 1'), [[1]])
    } finally {
      await demo.stop()
    }
  })

  it('takes another port when its own is taken', async () => {
    const demo = await startDemo(folder, say)
    try {
      assert.notEqual(await freePort(demo.port), demo.port)
    } finally {
      await demo.stop()
    }
  })

  it('lives elsewhere when only root may enter the data folder', {
    skip: process.getuid?.() !== 0,
  }, async () => {
    const closed = mkdtempSync(join(tmpdir(), 'sekisho-demo-'))
    const elsewhere = dirname(findDemoPlace(closed).cluster)
    try {
      assert.ok(!elsewhere.startsWith(closed))
      assert.match(readFileSync(join(closed, 'demo', 'WHERE'), 'utf8'), new RegExp(elsewhere))
      const demo = await startDemo(closed, say)
      await demo.stop()
    } finally {
      rmSync(elsewhere, { recursive: true, force: true })
      rmSync(closed, { recursive: true, force: true })
    }
  })
})

describe('data of the shop', () => {
  const shop = rollShop()
  it('is the same every time', () => {
    assert.deepEqual(rollShop(), shop)
  })
  it('has card numbers that pass the Luhn check', () => {
    const luhn = (digits: string) =>
      Array.from(digits)
        .toReversed()
        .map((digit, place) => Number(digit) * (place % 2 === 0 ? 1 : 2))
        .reduce((sum, weighed) => sum + (weighed > 9 ? weighed - 9 : weighed), 0) % 10
    for (const customer of shop.customers) assert.equal(luhn(String(customer[5])), 0)
  })
  it('adds up: the total of an order is that of its lines', () => {
    const sums = new Map<unknown, number>()
    for (const [order, , , quantity, price] of shop.order_items) {
      sums.set(order, (sums.get(order) ?? 0) + Number(quantity) * Math.round(Number(price) * 100))
    }
    for (const order of shop.orders) assert.equal(((sums.get(order[0]) ?? 0) / 100).toFixed(2), order[4])
  })
})
