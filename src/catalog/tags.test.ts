// Tags: given, kept, following renames, spread over inheritance; unknown is never harmless.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { GatewayError } from '../core/errors.ts'
import type { TargetId } from '../core/ids.ts'
import type { ColumnTags } from '../policy/policy.ts'
import type { Relation } from '../sql/schema.ts'
import { createTagStore } from '../storage/tag-store.ts'
import { builtInTags } from './built-in-tags.ts'
import { admin, newTarget, openedCatalog, picture, relation } from './on-sqlite.contract.ts'

const code =
  (expected: GatewayError['code'], detail = /./s) =>
  (error: unknown) =>
    error instanceof GatewayError && error.code === expected && detail.test(error.message)

const opened = openedCatalog()
const tag = (id: TargetId, table: string, column: string, ...tags: readonly string[]) =>
  opened.catalog.tags.set(id, { schema: 'public', table, column, tags }, admin)
const parents = (...names: readonly string[]): Partial<Relation> => ({
  parents: names.map(name => ({ schema: 'public', name })),
})

/** `table.column: tags`, sorted. */
function words(tags: ColumnTags): readonly string[] {
  return tags.tables
    .flatMap(({ table, columns }) => {
      return [...columns].map(([column, all]) => `${table}.${column}: ${all.map(one => one.name).join(' ')}`)
    })
    .sort()
}

/** What is in force after the target has come to look like this. */
async function becomes(id: TargetId, ...relations: readonly Relation[]): Promise<readonly string[]> {
  opened.show(...relations)
  opened.catalog.schemas.outdate(id)
  return words(opened.catalog.tags.effective(id, await opened.catalog.schemas.fresh(id)))
}

describe('definitions', () => {
  test('the built-in ones are there, all sensitive, and what was changed stays', async () => {
    const definitions = await opened.catalog.tags.definitions()
    assert.deepEqual(
      definitions,
      builtInTags.toSorted((a, b) => (a.name < b.name ? -1 : 1)),
    )
    assert.ok(definitions.every(one => one.sensitive))
    assert.equal(definitions.find(one => one.name === 'secret')?.mask, 'null')
    const mine = { name: 'secret', description: 'mine', sensitive: false, mask: 'constant' } as const
    await opened.catalog.tags.define(mine, admin)
    const again = await opened.restart()
    assert.deepEqual(
      (await again.tags.definitions()).find(one => one.name === 'secret'),
      mine,
    )
    again.close()
  })

  test('a change is on record, and in force at once', async () => {
    const id = await opened.registered(relation(1, 'people', 'email'))
    await tag(id, 'people', 'email', 'secret')
    const snapshot = await opened.catalog.schemas.fresh(id)
    const before = opened.catalog.tags.effective(id, snapshot)
    opened.events.length = 0
    opened.published.length = 0
    await opened.catalog.tags.define(
      { name: 'secret', description: '', sensitive: true, mask: 'hash' },
      admin,
    )
    const after = opened.catalog.tags.effective(id, snapshot)
    assert.equal(after.tables[0]?.columns.get('email')?.[0]?.mask, 'hash')
    assert.notEqual(after.version, before.version)
    assert.deepEqual(opened.published, ['tags '])
    assert.deepEqual(opened.events[0]?.fields['mask'], ['null', 'hash'])
  })

  test('wrong ones are told why', async () => {
    const wrong = { name: 'Bad Name', description: '', sensitive: true, mask: 'fog' as 'null' }
    await assert.rejects(opened.catalog.tags.define(wrong, admin), code('request.invalid', /name: .*mask: /))
    opened.recording = false
    await assert.rejects(
      opened.catalog.tags.define({ ...wrong, name: 'a.b', mask: 'null' }, admin),
      code('audit.unavailable'),
    )
    assert.equal((await opened.catalog.tags.definitions()).length, builtInTags.length)
  })
})

describe('tags by hand', () => {
  const people = relation(1, 'people', 'id:1 email:2 phone:3')

  test('are on record, told of, listed, replaced and taken away', async () => {
    const id = await opened.registered(people)
    opened.events.length = 0
    opened.published.length = 0
    await tag(id, 'people', 'email', 'secret', 'pii.email', 'secret')
    const column = { schema: 'public', table: 'people', column: 'email' }
    assert.deepEqual(await opened.catalog.tags.list(id), [{ ...column, tags: ['pii.email', 'secret'] }])
    assert.deepEqual(opened.published, [`tags ${id}`])
    const [event] = opened.events
    assert.deepEqual(
      [event?.what, event?.object, event?.fields],
      ['column.tagged', 'shop: public.people.email', { tags: [[], ['pii.email', 'secret']] }],
    )
    const snapshot = await opened.catalog.schemas.fresh(id)
    assert.deepEqual(words(opened.catalog.tags.effective(id, snapshot)), ['people.email: pii.email secret'])
    await tag(id, 'people', 'email')
    assert.deepEqual(words(opened.catalog.tags.effective(id, snapshot)), [])
    assert.deepEqual(await opened.catalog.tags.list(id), [])
  })

  test('need a tag that is defined and a column that is there', async () => {
    const id = await opened.registered(people)
    await assert.rejects(tag(id, 'people', 'email', 'pii.emial'), code('request.invalid', /pii\.emial/))
    await assert.rejects(tag(id, 'people', 'emial', 'pii.email'), code('not-found', /public\.people\.emial/))
    await assert.rejects(tag('none' as TargetId, 'people', 'email', 'pii.email'), code('not-found'))
    opened.recording = false
    await assert.rejects(tag(id, 'people', 'email', 'pii.email'), code('audit.unavailable'))
    assert.deepEqual(await opened.catalog.tags.list(id), [])
  })

  test('are in force here before anybody is told of them', async () => {
    const id = await opened.registered(people)
    const snapshot = await opened.catalog.schemas.fresh(id)
    const heard: unknown[] = []
    opened.messages.subscribe('tags', () => heard.push(words(opened.catalog.tags.effective(id, snapshot))))
    await tag(id, 'people', 'email', 'pii.email')
    await tag(id, 'people', 'email')
    assert.deepEqual(heard, [['people.email: pii.email'], []])
  })

  test('can be given while the target is down', async () => {
    const { id } = await opened.catalog.targets.create(newTarget('shop'), admin)
    opened.load = async () => {
      throw new Error('down')
    }
    await tag(id, 'people', 'email', 'pii.email')
    assert.deepEqual(await becomes(id, people), ['people.email: pii.email'])
  })

  test('are there after a restart, and reach other servers by message', async () => {
    const id = await opened.registered(people)
    const other = await opened.restart()
    const snapshot = await other.schemas.fresh(id)
    assert.deepEqual(words(other.tags.effective(id, snapshot)), [])
    const heard: unknown[] = []
    opened.messages.subscribe('tags', () => {
      try {
        heard.push(words(other.tags.effective(id, snapshot)))
      } catch (error) {
        heard.push((error as GatewayError).code)
      }
    })
    await tag(id, 'people', 'email', 'pii.email')
    assert.deepEqual(heard, ['target.schema-unavailable'], 'the old answer is not given any more')
    // The other server heard of it and reads; what is asked of it next comes after that reading.
    await other.tags.define({ name: 'x', description: '', sensitive: false, mask: 'null' }, admin)
    assert.deepEqual(words(other.tags.effective(id, snapshot)), ['people.email: pii.email'])
    other.close()
    const third = await opened.restart()
    assert.deepEqual(words(third.tags.effective(id, snapshot)), ['people.email: pii.email'])
    third.close()
  })

  test('a message that was missed is made up for with the next picture', async () => {
    const id = await opened.registered(people)
    const column = { schema: 'public', table: 'people', column: 'phone', tags: ['pii.phone'] }
    await createTagStore(opened.database).set(id, {
      ...column,
      relationOid: undefined,
      columnNumber: undefined,
    })
    assert.deepEqual(await becomes(id, people), ['people.phone: pii.phone'])
  })

  test('that could not be read anew are not guessed: asking fails, until reading succeeds', async () => {
    const id = await opened.registered(people)
    await tag(id, 'people', 'email', 'pii.email')
    const store = createTagStore(opened.database)
    let broken = false
    const read = Promise.withResolvers<void>()
    const other = await opened.restart({
      tagStore: {
        ...store,
        async columns(target) {
          if (broken) throw new Error('disk full')
          const rows = await store.columns(target)
          if (opened.warnings.length > 0) read.resolve()
          return rows
        },
      },
    })
    const snapshot = await other.schemas.fresh(id)
    broken = true
    opened.messages.publish('tags', id)
    await other.tags.define({ name: 'x', description: '', sensitive: false, mask: 'null' }, admin)
    assert.equal(opened.warnings.length, 1)
    broken = false
    assert.throws(() => other.tags.effective(id, snapshot), code('target.schema-unavailable'))
    await read.promise
    await other.tags.define({ name: 'y', description: '', sensitive: false, mask: 'null' }, admin)
    assert.deepEqual(words(other.tags.effective(id, snapshot)), ['people.email: pii.email'])
    other.close()
  })
})

describe('renames', () => {
  const people = relation(1, 'people', 'id:1 email:2')

  test('a renamed table keeps its tags, once and again', async () => {
    const id = await opened.registered(people)
    await tag(id, 'people', 'email', 'pii.email')
    assert.deepEqual(await becomes(id, relation(1, 'persons', 'id:1 email:2')), ['persons.email: pii.email'])
    assert.equal(opened.events.at(-1)?.what, 'column.tags-followed')
    assert.deepEqual(await becomes(id, relation(1, 'humans', 'id:1 email:2')), ['humans.email: pii.email'])
    const moved = { ...relation(1, 'humans', 'id:1 email:2'), schema: 'crm' }
    assert.deepEqual(await becomes(id, moved), ['humans.email: pii.email'])
  })

  test('also without what was written down: by the number alone', async () => {
    const id = await opened.registered(people)
    await tag(id, 'people', 'email', 'pii.email')
    opened.recording = false
    assert.deepEqual(await becomes(id, relation(1, 'persons', 'id:1 email:2')), ['persons.email: pii.email'])
    assert.equal(opened.warnings.length, 1, 'the trail was down, which is told')
  })

  test('a renamed column keeps its tags', async () => {
    const id = await opened.registered(people)
    await tag(id, 'people', 'email', 'pii.email')
    assert.deepEqual(await becomes(id, relation(1, 'people', 'id:1 mail:2')), ['people.mail: pii.email'])
    assert.deepEqual(await becomes(id, relation(1, 'people', 'id:1 post:2')), ['people.post: pii.email'])
    assert.deepEqual(await becomes(id, relation(1, 'people', 'id:1 post:2 email:3')), [
      'people.email: pii.email',
      'people.post: pii.email',
    ])
  })

  /** As a server without numbers for columns shows them: by their places. */
  const placed = (oid: number, name: string, columns: string): Relation => {
    const made = relation(oid, name, columns)
    return {
      ...made,
      columns: made.columns.map(({ name, type, notNull, generated }, at) => ({
        name,
        type,
        notNull,
        generated,
        place: at + 1,
      })),
    }
  }

  test('a renamed column keeps its tags by its place, where there are no numbers', async () => {
    const id = await opened.registered(placed(1, 'people', 'id:1 email:2 city:3'))
    await tag(id, 'people', 'email', 'pii.email')
    assert.deepEqual(await becomes(id, placed(1, 'people', 'id:1 mail:2 city:3')), ['people.mail: pii.email'])
    // Others come before it: its name counts, and its new place from then on.
    const moved = placed(2, 'people', 'first:1 id:2 mail:3 city:4')
    assert.deepEqual(await becomes(id, moved), ['people.mail: pii.email'])
    assert.deepEqual(await becomes(id, placed(2, 'people', 'first:1 id:2 post:3 city:4')), [
      'people.post: pii.email',
    ])
  })

  test('a place means nothing as long as the name is there', async () => {
    const id = await opened.registered(placed(1, 'people', 'id:1 email:2'))
    await tag(id, 'people', 'email', 'pii.email')
    assert.deepEqual(await becomes(id, placed(1, 'people', 'email:1 city:2')), ['people.email: pii.email'])
  })

  test('numbers mean nothing in another table', async () => {
    const id = await opened.registered(people)
    await tag(id, 'people', 'email', 'pii.email')
    assert.deepEqual(await becomes(id, relation(9, 'people', 'email:1 city:2')), ['people.email: pii.email'])
  })

  test('a table made anew under the name has the tags, and follows from then on', async () => {
    const id = await opened.registered(people)
    await tag(id, 'people', 'email', 'pii.email')
    assert.deepEqual(await becomes(id, relation(2, 'people', 'id:1 email:2')), ['people.email: pii.email'])
    assert.deepEqual(await becomes(id, relation(2, 'persons', 'id:1 email:2')), ['persons.email: pii.email'])
  })

  test('two tables that swapped their names both have them', async () => {
    const id = await opened.registered(people, relation(2, 'people_new', 'id:1 email:2'))
    await tag(id, 'people', 'email', 'pii.email')
    const swapped = [relation(1, 'people_old', 'id:1 email:2'), relation(2, 'people', 'id:1 email:2')]
    assert.deepEqual(await becomes(id, ...swapped), [
      'people.email: pii.email',
      'people_old.email: pii.email',
    ])
  })

  test('a table out of sight for a moment has them when it is back', async () => {
    const id = await opened.registered(people)
    await tag(id, 'people', 'email', 'pii.email')
    assert.deepEqual(await becomes(id), [])
    assert.deepEqual(await becomes(id, people), ['people.email: pii.email'])
  })

  test('what was taken away after a rename stays away', async () => {
    const id = await opened.registered(people)
    await tag(id, 'people', 'email', 'pii.email')
    const persons = relation(1, 'persons', 'id:1 email:2')
    await becomes(id, persons)
    await tag(id, 'persons', 'email')
    assert.deepEqual(await becomes(id, persons), [])
    assert.deepEqual(await becomes(id, relation(1, 'humans', 'id:1 email:2')), [])
  })
})

describe('inheritance', () => {
  const root = relation(1, 'log', 'at email', { kind: 'partitioned' })
  const y25 = relation(2, 'log_25', 'at email', { ...parents('log'), kind: 'partitioned' })
  const m1 = relation(3, 'log_25_01', 'at email', parents('log_25'))
  const apart = relation(4, 'other', 'at email')

  test('children at any depth have the tags of their parents', async () => {
    const id = await opened.registered(root, y25, m1, apart)
    await tag(id, 'log', 'email', 'pii.email')
    assert.deepEqual(await becomes(id, m1, y25, root, apart), [
      'log.email: pii.email',
      'log_25.email: pii.email',
      'log_25_01.email: pii.email',
    ])
  })

  test('parents have the tags of their children, since reading them reads the children', async () => {
    const id = await opened.registered(root, y25, m1)
    await tag(id, 'log_25_01', 'email', 'secret')
    await tag(id, 'log', 'email', 'pii.email')
    assert.deepEqual(await becomes(id, root, y25, m1), [
      'log.email: pii.email secret',
      'log_25.email: pii.email secret',
      'log_25_01.email: pii.email secret',
    ])
  })

  test('only columns that are shared; a child of two parents joins them', async () => {
    const tables = [
      relation(1, 'a', 'x'),
      relation(2, 'b', 'x y'),
      relation(3, 'ab', 'x y own', parents('a', 'b')),
      relation(4, 'b2', 'x y own', parents('b')),
    ]
    const id = await opened.registered(...tables)
    await tag(id, 'a', 'x', 'secret')
    await tag(id, 'ab', 'own', 'pii.id')
    assert.deepEqual(await becomes(id, ...tables), [
      'a.x: secret',
      'ab.own: pii.id',
      'ab.x: secret',
      'b.x: secret',
      'b2.x: secret',
    ])
  })

  test('a circle, and a parent that cannot be seen, do no harm', async () => {
    const tables = [relation(1, 'a', 'x', parents('b', 'unseen')), relation(2, 'b', 'x', parents('a'))]
    const id = await opened.registered(...tables)
    await tag(id, 'a', 'x', 'secret')
    assert.deepEqual(await becomes(id, ...tables), ['a.x: secret', 'b.x: secret'])
  })
})

describe('what is in force', () => {
  test('a tag that nobody defined hides as much as there is', async () => {
    const people = relation(1, 'people', 'email')
    const id = await opened.registered(people)
    await tag(id, 'people', 'email', 'pii.email')
    await opened.database.query.deleteFrom('tag_definitions').where('name', '=', 'pii.email').execute()
    await opened.catalog.tags.define({ name: 'x', description: '', sensitive: false, mask: 'null' }, admin)
    const found = opened.catalog.tags.effective(id, await opened.catalog.schemas.fresh(id))
    assert.deepEqual(found.tables[0]?.columns.get('email'), [
      { name: 'pii.email', description: '', sensitive: true, mask: 'null' },
    ])
  })

  test('is the same answer for the same picture, and an equal version for an equal one', async () => {
    const people = relation(1, 'people', 'email phone')
    const id = await opened.registered(people)
    await tag(id, 'people', 'email', 'pii.email')
    await tag(id, 'people', 'phone', 'pii.phone')
    const [one, two] = [picture(people), picture(people)]
    const first = opened.catalog.tags.effective(id, one)
    assert.equal(opened.catalog.tags.effective(id, one), first)
    assert.equal(opened.catalog.tags.effective(id, two).version, first.version)
    await tag(id, 'people', 'phone', 'secret')
    assert.notEqual(opened.catalog.tags.effective(id, one).version, first.version)
  })

  test('of a target whose tags were never read is not guessed', () => {
    assert.throws(
      () => opened.catalog.tags.effective('none' as TargetId, picture()),
      code('target.schema-unavailable'),
    )
  })

  test('costs little for 200,000 columns', async () => {
    const columns = Array.from({ length: 20 }, (_, at) => `c${at}`).join(' ')
    const tables = Array.from({ length: 10_000 }, (_, at) => relation(at + 1, `t${at}`, columns))
    const id = await opened.registered(...tables)
    await tag(id, 't77', 'c3', 'secret')
    const fresh = picture(...tables)
    const start = performance.now()
    assert.deepEqual(words(opened.catalog.tags.effective(id, fresh)), ['t77.c3: secret'])
    const firstMs = performance.now() - start
    const again = performance.now()
    for (let times = 0; times < 1_000; times++) opened.catalog.tags.effective(id, fresh)
    const againUs = performance.now() - again
    assert.ok(firstMs < 500, `first answer: ${firstMs} ms`)
    assert.ok(againUs < 50, `one answer again: ${againUs} µs`)
  })
})
