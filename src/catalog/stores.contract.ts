// What every implementation of the catalog room's stores has to do.

import assert from 'node:assert/strict'
import { beforeEach, describe, test } from 'node:test'
import { GatewayError } from '../core/errors.ts'
import type { TargetId } from '../core/ids.ts'
import type { Target } from '../core/target.ts'
import type { StoredColumnTags, TagStore } from './tag-store.ts'
import type { StoredTarget, TargetStore } from './target-store.ts'

export interface CatalogStores {
  readonly targetStore: TargetStore
  readonly tagStore: TagStore
}

const code = (expected: GatewayError['code']) => (error: unknown) =>
  error instanceof GatewayError && error.code === expected

export function storedTarget(
  name: string,
  listenPort: number | undefined,
  more: Partial<Target> = {},
): StoredTarget {
  return {
    target: {
      id: `id-of-${name}` as TargetId,
      name,
      protocol: 'postgres',
      host: 'db.example',
      port: 5432,
      database: 'Shop 店',
      account: 'gateway',
      tls: 'verify-full',
      tlsCa: undefined,
      tags: { env: 'prod' },
      listenPort,
      disabled: false,
      ...more,
    },
    sealedPassword: `sealed for ${name}`,
  }
}

/** @param empty  gives stores over an empty database, for each test anew */
export function catalogStoresContract(empty: () => Promise<CatalogStores>): void {
  let targets: TargetStore
  let tags: TagStore
  beforeEach(async () => {
    const stores = await empty()
    targets = stores.targetStore
    tags = stores.tagStore
  })

  describe('targets', () => {
    test('come back as they were added, sorted by name', async () => {
      const b = storedTarget('b', 40_000, { tlsCa: 'PEM', disabled: true })
      const a = storedTarget('a', 40_001)
      assert.equal(await targets.add(b), 'added')
      assert.equal(await targets.add(a), 'added')
      assert.deepEqual(await targets.list(), [a, b])
      assert.deepEqual(await targets.get(b.target.id), b)
      assert.deepEqual(await targets.byName('a'), a)
      assert.equal(await targets.byName('A'), undefined)
    })

    test('names and ports are unique, and it is said which', async () => {
      await targets.add(storedTarget('a', 40_000))
      const again = storedTarget('a', 40_001, { id: 'x' as TargetId })
      assert.equal(await targets.add(again), 'name taken')
      assert.equal(await targets.add(storedTarget('b', 40_000)), 'port taken')
      assert.equal((await targets.list()).length, 1)
    })

    test('many may be without a port, and get one or lose it', async () => {
      const [a, b, c] = [
        storedTarget('a', undefined),
        storedTarget('b', undefined),
        storedTarget('c', 40_000),
      ]
      for (const one of [a, b, c]) assert.equal(await targets.add(one), 'added')
      assert.deepEqual(await targets.list(), [a, b, c])
      assert.equal(await targets.setPort(a.target.id, 40_000), 'port taken')
      assert.equal(await targets.setPort(c.target.id, undefined), 'set')
      assert.equal(await targets.setPort(a.target.id, 40_000), 'set')
      assert.equal((await targets.get(a.target.id))?.target.listenPort, 40_000)
      assert.equal((await targets.get(c.target.id))?.target.listenPort, undefined)
    })

    test('are read page by page, in the order of the list', async () => {
      for (const name of ['d', 'a', 'c', 'b']) await targets.add(storedTarget(name, undefined))
      const first = await targets.page('', 3)
      assert.deepEqual(
        first.map(target => target.name),
        ['a', 'b', 'c'],
      )
      assert.deepEqual(await targets.page('c', 3), [storedTarget('d', undefined).target])
    })

    test('are replaced but for their port, and removed with their tags', async () => {
      const a = storedTarget('a', 40_000)
      await targets.add(a)
      await targets.add(storedTarget('b', 40_001))
      const after = {
        target: { ...a.target, name: 'c', tls: 'disable', tags: {} },
        sealedPassword: 'new',
      } as const
      await targets.replace(after)
      await targets.replace(after)
      assert.deepEqual(await targets.get(a.target.id), after)
      await targets.replace({ ...after, target: { ...after.target, listenPort: 40_900 } })
      assert.equal((await targets.get(a.target.id))?.target.listenPort, 40_000)
      await assert.rejects(
        targets.replace({ ...after, target: { ...after.target, name: 'b' } }),
        code('conflict'),
      )
      await assert.rejects(targets.replace(storedTarget('none', 1)), code('not-found'))
      await tags.set(a.target.id, column('email', ['pii.email']))
      await targets.remove(a.target.id)
      assert.deepEqual(await tags.columns(a.target.id), [])
      await assert.rejects(targets.remove(a.target.id), code('not-found'))
    })
  })

  describe('tags', () => {
    const definition = { name: 'pii.email', description: 'd', sensitive: true, mask: 'email' } as const

    test('definitions are added, replaced, and never overwritten by those that were missing', async () => {
      await tags.define(definition)
      const changed = { ...definition, sensitive: false, mask: 'null' } as const
      await tags.define(changed)
      await tags.addMissing([definition, { ...definition, name: 'a' }])
      await tags.addMissing([definition])
      assert.deepEqual(await tags.definitions(), [{ ...definition, name: 'a' }, changed])
    })

    test('columns keep their tags under names of any form', async () => {
      const { target } = storedTarget('a', 40_000)
      await targets.add(storedTarget('a', 40_000))
      const email = column('email', ['pii.email', 'x'])
      const padded = { ...column('email ', ['y']), relationOid: undefined, columnNumber: undefined }
      const upper = column('EMAIL', ['z'])
      const long = column('列'.repeat(63), ['z'])
      for (const one of [email, padded, upper, long]) await tags.set(target.id, one)
      await tags.set(target.id, email)
      const found = await tags.columns(target.id)
      for (const one of [email, padded, upper, long]) {
        assert.deepEqual(
          found.find(row => row.column === one.column),
          one,
        )
      }
      assert.equal(found.length, 4)
      await tags.set(target.id, { ...email, tags: [] })
      assert.equal((await tags.columns(target.id)).length, 3)
      assert.deepEqual(await tags.columns('other' as TargetId), [])
    })
  })
}

function column(name: string, tags: readonly string[]): StoredColumnTags {
  return {
    schema: 'public',
    table: 'people',
    column: name,
    tags,
    relationOid: 4_294_967_295,
    columnNumber: 3,
  }
}
