// Pictures of the targets' tables: kept while they are good, taken one at a time, never outdated without knowing.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { GatewayError } from '../core/errors.ts'
import type { TargetId } from '../core/ids.ts'
import { limits } from '../core/limits.ts'
import type { SchemaSnapshot } from '../sql/schema.ts'
import { admin, newTarget, openedCatalog, picture } from './on-sqlite.contract.ts'

const opened = openedCatalog()

/** A target whose pictures come when the test says so. */
async function slowTarget() {
  const { id } = await opened.catalog.targets.create(newTarget('shop'), admin)
  const waiting: PromiseWithResolvers<SchemaSnapshot>[] = []
  const begun: (() => void)[] = []
  opened.load = () => {
    const one = Promise.withResolvers<SchemaSnapshot>()
    waiting.push(one)
    begun.shift()?.()
    return one.promise
  }
  /** The next load that begins, or has begun. */
  const next = async () => {
    if (waiting.length === 0) await new Promise<void>(resolve => begun.push(resolve))
    const one = waiting.shift()
    assert.ok(one)
    return one
  }
  return { id, next, waiting }
}

const unavailable = (detail: RegExp) => (error: unknown) =>
  error instanceof GatewayError && error.code === 'target.schema-unavailable' && detail.test(error.message)

test('one is kept until it is too old', async () => {
  const id = await opened.registered()
  const first = opened.catalog.schemas.current(id)
  assert.ok(first)
  assert.equal(await opened.catalog.schemas.fresh(id), first)
  opened.nowMs += limits.schemaAgeMaxMs - 1
  assert.equal(opened.catalog.schemas.current(id), first)
  opened.nowMs += 1
  assert.equal(opened.catalog.schemas.current(id), undefined)
  const second = await opened.catalog.schemas.fresh(id)
  assert.notEqual(second, first)
  assert.equal(opened.catalog.schemas.current(id), second)
})

test('its age counts from when it was begun, not from when it came', async () => {
  const { id, next } = await slowTarget()
  const fresh = opened.catalog.schemas.fresh(id)
  const load = await next()
  opened.nowMs += limits.schemaAgeMaxMs - 10
  load.resolve(picture())
  await fresh
  assert.ok(opened.catalog.schemas.current(id))
  opened.nowMs += 10
  assert.equal(opened.catalog.schemas.current(id), undefined)
})

test('all who ask at once get the same one, taken once', async () => {
  const { id, next, waiting } = await slowTarget()
  const asked = [1, 2, 3].map(() => opened.catalog.schemas.fresh(id))
  const load = await next()
  const one = picture()
  load.resolve(one)
  assert.deepEqual(await Promise.all(asked), [one, one, one])
  assert.equal(waiting.length, 0)
})

test('a change while one is taken makes the next asker wait for another, and those for one only', async () => {
  const { id, next, waiting } = await slowTarget()
  const before = opened.catalog.schemas.fresh(id)
  const first = await next()
  opened.catalog.schemas.outdate(id)
  const after = [opened.catalog.schemas.fresh(id), opened.catalog.schemas.fresh(id)]
  assert.equal(waiting.length, 0, 'one at a time')
  const [old, young] = [picture(), picture()]
  first.resolve(old)
  assert.equal(await before, old)
  assert.equal(opened.catalog.schemas.current(id), undefined, 'outdated before it came')
  const second = await next()
  second.resolve(young)
  assert.deepEqual(await Promise.all(after), [young, young])
  assert.equal(opened.catalog.schemas.current(id), young)
  assert.equal(waiting.length, 0)
})

test('another follows also when the one under way fails', async () => {
  const { id, next } = await slowTarget()
  const before = opened.catalog.schemas.fresh(id)
  const first = await next()
  opened.catalog.schemas.outdate(id)
  const after = opened.catalog.schemas.fresh(id)
  first.reject(new Error('connection lost'))
  await assert.rejects(before, unavailable(/failed/))
  const one = picture()
  ;(await next()).resolve(one)
  assert.equal(await after, one)
})

test('outdated ones are not current', async () => {
  const id = await opened.registered()
  opened.catalog.schemas.outdate(id)
  assert.equal(opened.catalog.schemas.current(id), undefined)
  assert.ok(await opened.catalog.schemas.fresh(id))
  opened.catalog.schemas.outdate('none' as TargetId)
})

test('a failure tells the user why, is not kept, and holds nothing of the inside', async () => {
  const id = await opened.registered()
  opened.catalog.schemas.outdate(id)
  opened.load = async () => {
    throw new GatewayError('target.login-failed', 'password authentication failed')
  }
  await assert.rejects(opened.catalog.schemas.fresh(id), unavailable(/password authentication failed/))
  opened.load = async () => {
    throw new Error('connect ECONNREFUSED 10.1.2.3')
  }
  await assert.rejects(opened.catalog.schemas.fresh(id), (error: GatewayError) => {
    assert.ok(unavailable(/failed/)(error))
    assert.ok(!error.message.includes('10.1.2.3'))
    return true
  })
  opened.show()
  assert.ok(await opened.catalog.schemas.fresh(id))
})

test('one that does not come in time is given up', async () => {
  const delays: number[] = []
  const late = Promise.withResolvers<void>()
  const catalog = await opened.restart({ delay: ms => (delays.push(ms), late.promise) })
  const { id } = await catalog.targets.create(newTarget('shop'), admin)
  const begun = Promise.withResolvers<void>()
  opened.load = () => {
    begun.resolve()
    return new Promise(() => undefined)
  }
  const fresh = catalog.schemas.fresh(id)
  await begun.promise
  late.resolve()
  await assert.rejects(fresh, unavailable(/too long/))
  assert.deepEqual(delays, [limits.schemaTimeoutMs])
  catalog.close()
})

test('a target that changed or went is looked at anew', async () => {
  const id = await opened.registered()
  const seen: string[] = []
  opened.load = async (target, password) => {
    seen.push(`${target.host} ${password.reveal()}`)
    return picture()
  }
  await opened.catalog.targets.update(id, { host: 'other' }, admin)
  assert.equal(opened.catalog.schemas.current(id), undefined)
  await opened.catalog.schemas.fresh(id)
  assert.deepEqual(seen, ['other of the account'])
  await opened.catalog.targets.remove(id, admin)
  assert.equal(opened.catalog.schemas.current(id), undefined)
  await assert.rejects(opened.catalog.schemas.fresh(id), unavailable(/no such thing/))
})
