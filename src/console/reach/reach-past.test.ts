// Going back over recorded changes, the newest first.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { exampleTarget, exampleUser, tag } from '../../policy/example.ts'
import { Past } from './reach-past.ts'

const start = () =>
  new Past(
    [exampleUser('ann', ['a', 'b']), exampleUser('bob', [])],
    [exampleTarget('shop', { env: 'prod' }), exampleTarget('new')],
    [tag('pii.email')],
  )
const groupsOf = (past: Past) => Object.fromEntries(past.users().map(({ name, groups }) => [name, groups]))

test('memberships go back, whichever side they were changed from', () => {
  const past = start()
  past.undo({ what: 'group.updated', object: 'a', fields: { members: [['bob'], ['ann']] } })
  past.undo({ what: 'user.updated', object: 'ann', fields: { groups: [['c'], ['b']] } })
  assert.deepEqual(groupsOf(past), { ann: ['c'], bob: ['a'] })
  past.undo({ what: 'group.removed', object: 'x', fields: { members: [['ann', 'bob'], null] } })
  assert.deepEqual(groupsOf(past), { ann: ['c', 'x'], bob: ['a', 'x'] })
})

test('who and what was made since is not there, who was removed since is named', () => {
  const past = start()
  past.undo({ what: 'user.removed', object: 'eve', fields: {} })
  past.undo({ what: 'user.removed', object: 'tim', fields: {} })
  past.undo({ what: 'user.created', object: 'tim', fields: {} })
  past.undo({ what: 'user.created', object: 'bob', fields: {} })
  past.undo({ what: 'target.created', object: 'new', fields: {} })
  past.undo({ what: 'target.removed', object: 'old', fields: {} })
  assert.deepEqual(Object.keys(groupsOf(past)), ['ann'])
  assert.deepEqual(
    past.targets().map(({ name }) => name),
    ['shop'],
  )
  assert.deepEqual(past.notes(), [
    { kind: 'people-left-out', names: ['eve'] },
    { kind: 'targets-left-out', names: ['old'] },
  ])
})

test('tags of targets and columns, through a rename of the target', () => {
  const past = start()
  const tables = [{ schema: 'public', table: 'customers', columns: ['email', 'a.b'] }]
  past.undo({
    what: 'column.tagged',
    object: 'shop: public.customers.email',
    fields: { tags: [['pii.email'], []] },
  })
  past.undo({
    what: 'target.updated',
    object: 'store',
    fields: { name: ['store', 'shop'], tags: [{}, { env: 'prod' }] },
  })
  past.undo({
    what: 'column.tagged',
    object: 'store: public.customers.a.b',
    fields: { tags: [[], ['pii.email']] },
  })
  const [target] = past.targets().filter(({ name }) => name === 'store')
  assert.deepEqual(target?.tags, {})
  const now = [{ schema: 'public', table: 'customers', column: 'a.b', tags: ['pii.email'] }]
  assert.deepEqual(
    past.columnTags('store', now, tables).map(({ column, tags }) => [column, tags]),
    [['email', ['pii.email']]],
  )
})

test('a tag is what it was, and one that was not there is gone', () => {
  const past = start()
  past.undo({
    what: 'tag.defined',
    object: 'pii.email',
    fields: { sensitive: [false, true], mask: ['null', 'email'] },
  })
  assert.equal(past.definitions().get('pii.email')?.sensitive, false)
  past.undo({ what: 'tag.defined', object: 'pii.email', fields: { sensitive: [null, false] } })
  assert.equal(past.definitions().size, 0)
})
