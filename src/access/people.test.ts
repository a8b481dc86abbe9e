// Users and groups: what may be done to them, and what is on record of it.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { GroupId, UserId } from '../core/ids.ts'
import { admin, openedAccess } from './on-sqlite.contract.ts'
import { code } from './stores.contract.ts'

const hana = { name: 'hana', displayName: '花子', role: 'user', groups: [] } as const

describe('users', () => {
  const opened = openedAccess()
  const changes = () =>
    opened.events.map(event => (event.kind === 'changed' ? [event.what, event.object] : event.kind))

  test('are made with a first password that must be changed', async () => {
    const { user, firstPassword } = await opened.access.users.create(
      { ...hana, email: 'h@example.jp' },
      admin,
    )
    assert.deepEqual(user, { ...hana, id: user.id, email: 'h@example.jp', disabled: false })
    assert.match(firstPassword.reveal(), /^[a-hjkmnp-z2-9]{5}(-[a-hjkmnp-z2-9]{5}){3}$/)
    const { session } = await opened.access.signIn.signIn('hana', firstPassword, '192.0.2.1')
    assert.equal(session.mustChangePassword, true)
    assert.deepEqual(opened.published, [`users ${user.id}`])
    const [event] = opened.events
    assert.ok(event?.kind === 'changed')
    assert.equal(event.what, 'user.created')
    assert.deepEqual(event.actor, admin)
    assert.deepEqual(event.fields['role'], [null, 'user'])
    assert.ok(!JSON.stringify(opened.events).includes(firstPassword.reveal()))
  })

  test('report all that is wrong with them at once', async () => {
    const wrong = { name: 'Hana Ö', displayName: 'a\nb', email: 'x', role: 'god' as 'user', groups: [] }
    await assert.rejects(
      opened.access.users.create(wrong, admin),
      code('request.invalid', /name: .*displayName: .*email: .*role: /),
    )
    await assert.rejects(
      opened.access.users.create({ ...hana, groups: ['none', 'void'] }, admin),
      code('request.invalid', /"none".*"void"/),
    )
    assert.deepEqual(opened.events, [])
  })

  test('have names of their own', async () => {
    await opened.access.users.create(hana, admin)
    await assert.rejects(opened.access.users.create(hana, admin), code('conflict', /hana/))
    const both = await Promise.allSettled(
      [1, 2].map(() => opened.access.users.create({ ...hana, name: 'ken' }, admin)),
    )
    assert.deepEqual(both.map(one => one.status).sort(), ['fulfilled', 'rejected'])
    assert.deepEqual(changes(), [
      ['user.created', 'hana'],
      ['user.created', 'ken'],
    ])
  })

  test('that cannot be put on record are not made, changed or removed', async () => {
    const { user } = await opened.access.users.create(hana, admin)
    opened.recording = false
    const { users } = opened.access
    await assert.rejects(users.create({ ...hana, name: 'ken' }, admin), code('audit.unavailable'))
    await assert.rejects(users.update(user.id, { displayName: 'x' }, admin), code('audit.unavailable'))
    await assert.rejects(users.resetPassword(user.id, admin), code('audit.unavailable'))
    await assert.rejects(users.unlock(user.id, admin), code('audit.unavailable'))
    await assert.rejects(users.remove(user.id, admin), code('audit.unavailable'))
    assert.deepEqual(
      (await users.list()).map(one => [one.name, one.displayName]),
      [['hana', '花子']],
    )
  })

  test('changes name the fields that differ, before and after', async () => {
    const { user } = await opened.access.users.create({ ...hana, email: 'h@example.jp' }, admin)
    opened.events.length = 0
    const { users } = opened.access
    await users.update(user.id, { displayName: '花子', role: 'administrator' }, admin)
    await users.update(user.id, { role: 'administrator' }, admin)
    assert.equal(opened.events.length, 1, 'no change, no event')
    const [event] = opened.events
    assert.ok(event?.kind === 'changed')
    assert.deepEqual(event.fields, { role: ['user', 'administrator'] })
    assert.equal((await users.update(user.id, { email: '' }, admin)).email, undefined)
    assert.equal((await users.get(user.id))?.email, undefined)
    await assert.rejects(users.update('none' as UserId, {}, admin), code('not-found'))
  })

  test('the last administrator can be neither removed, disabled nor made a user', async () => {
    const { users } = opened.access
    const { user } = await users.create({ ...hana, role: 'administrator' }, admin)
    opened.events.length = 0
    await assert.rejects(users.remove(user.id, admin), code('conflict', /last administrator/))
    await assert.rejects(users.update(user.id, { disabled: true }, admin), code('conflict'))
    await assert.rejects(users.update(user.id, { role: 'user' }, admin), code('conflict'))
    assert.deepEqual(opened.events, [], 'nothing is on record that was not tried')
    const second = await users.create({ ...hana, name: 'ken', role: 'administrator' }, admin)
    const both = await Promise.allSettled([users.remove(user.id, admin), users.remove(second.user.id, admin)])
    assert.deepEqual(
      both.map(one => one.status),
      ['fulfilled', 'rejected'],
    )
  })
})

describe('groups', () => {
  const opened = openedAccess()

  test('have members by name, and tell of each change', async () => {
    const { groups, users } = opened.access
    const { user } = await users.create(hana, admin)
    const group = await groups.create({ name: 'sales', description: '' }, admin)
    opened.events.length = 0
    opened.published.length = 0
    await groups.update(group.id, { members: ['hana', 'hana'] }, admin)
    assert.deepEqual((await users.get(user.id))?.groups, ['sales'])
    assert.deepEqual(opened.published, ['users '])
    const [event] = opened.events
    assert.ok(event?.kind === 'changed')
    assert.deepEqual(event.fields, { members: [[], ['hana']] })
    await assert.rejects(
      groups.update(group.id, { members: ['none'] }, admin),
      code('request.invalid', /"none"/),
    )
    await groups.remove(group.id, admin)
    assert.deepEqual((await users.get(user.id))?.groups, [])
    assert.deepEqual(opened.published, ['users ', 'users '])
  })

  test('have names of their own form', async () => {
    const { groups } = opened.access
    await groups.create({ name: 'sales', description: '' }, admin)
    await assert.rejects(groups.create({ name: 'sales', description: '' }, admin), code('conflict'))
    await assert.rejects(groups.create({ name: 'a b', description: '' }, admin), code('request.invalid'))
    await assert.rejects(groups.update('none' as GroupId, {}, admin), code('not-found'))
    await assert.rejects(groups.remove('none' as GroupId, admin), code('not-found'))
    opened.recording = false
    await assert.rejects(groups.create({ name: 'ops', description: '' }, admin), code('audit.unavailable'))
    assert.equal((await groups.list()).length, 1)
  })
})
