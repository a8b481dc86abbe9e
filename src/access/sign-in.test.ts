// Signing in: who gets in, who does not, and for how long.

import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { limits } from '../core/limits.ts'
import { Secret } from '../core/secret.ts'
import { admin, openedAccess } from './on-sqlite.contract.ts'
import { createSessionStore } from '../storage/sign-in-store.ts'
import { createUserStore } from '../storage/user-store.ts'
import { hashPassword } from './password-hash.ts'
import { isCsrfToken } from './sign-in.ts'
import { code } from './stores.contract.ts'

const right = 'a fine long phrase 7'
const secret = (text: string) => new Secret(text)
const from = '192.0.2.1'

describe('sign-in', () => {
  const opened = openedAccess()
  const attempt = (name: string, password: string, address = from) =>
    opened.access.signIn.signIn(name, secret(password), address)
  const kinds = () => opened.events.map(event => [event.kind, 'code' in event ? event.code : undefined])

  test('with the right password opens a session, on record before it is there', async () => {
    const user = await opened.person('hana', right)
    const { cookie, session } = await attempt(' Hana ', right)
    assert.deepEqual(session.user, user)
    assert.equal(session.mustChangePassword, false)
    assert.deepEqual((await opened.access.signIn.find(cookie))?.user, user)
    assert.deepEqual(kinds(), [['sign-in', undefined]])
    const [event] = opened.events
    assert.ok(event?.kind === 'sign-in')
    assert.deepEqual(event.actor, { userId: user.id, userName: 'hana', address: from })
    const [row] = await opened.access.users.list()
    assert.equal(row?.lastSignInAtMs, opened.nowMs)
    const kept = JSON.stringify(
      await opened.database.query.selectFrom('console_sessions').selectAll().execute(),
    )
    assert.ok(!kept.includes(cookie.reveal()), 'only a hash is kept')
  })

  test('that cannot be recorded does not happen', async () => {
    await opened.person('hana', right)
    opened.recording = false
    await assert.rejects(attempt('hana', right), code('audit.unavailable'))
    assert.deepEqual(await opened.database.query.selectFrom('console_sessions').selectAll().execute(), [])
    await assert.rejects(attempt('hana', 'wrong'), code('audit.unavailable'))
  })

  test('fails alike for a wrong password and for a name that nobody has', async () => {
    await opened.person('hana', right)
    const tell = (name: string) => attempt(name, 'wrong').catch((error: unknown) => error)
    const known: unknown[] = []
    const unknown: unknown[] = []
    for (let tries = 0; tries < limits.signInFailuresMax + 2; tries++) {
      known.push(await tell('hana'))
      unknown.push(await tell('nobody'))
    }
    assert.deepEqual(known.map(String), unknown.map(String))
    assert.match(String(known[0]), /not right/)
    assert.match(String(known[limits.signInFailuresMax]), /Too many failed attempts/)
    const actors = opened.events.map(event => event.actor)
    assert.ok(actors.every(actor => actor.userId === undefined))
  })

  test('hashes as much for a name that nobody has', async () => {
    const asked: string[] = []
    const users = createUserStore(opened.database)
    const costly = { m: 19_456, t: 2, p: 1 }
    const access = await opened.restart({
      passwordCost: costly,
      users: { ...users, byName: name => (asked.push(name), users.byName(name)) },
    })
    const { user } = await access.users.create(
      { name: 'ken', displayName: 'k', role: 'user', groups: [] },
      admin,
    )
    const timeOf = async (name: string) => {
      const start = performance.now()
      await assert.rejects(access.signIn.signIn(name, secret('wrong'), from), code('sign-in.failed'))
      return performance.now() - start
    }
    // Without the hash it would take a thousandth; the least of several is what a busy machine adds nothing to.
    const known = Math.min(await timeOf(user.name), await timeOf(user.name), await timeOf(user.name))
    const unknown = Math.min(await timeOf('nobody'), await timeOf('nobody'))
    assert.ok(unknown > known / 10, `${unknown} ms against ${known} ms: the hash was left out`)
    assert.deepEqual(asked.slice(-5), ['ken', 'ken', 'ken', 'nobody', 'nobody'])
  })

  test('locks a name after too many failures, and frees it when the time is over', async () => {
    await opened.person('hana', right)
    for (let tries = 0; tries < limits.signInFailuresMax; tries++) {
      await assert.rejects(attempt('hana', 'wrong'), code('sign-in.failed'))
    }
    await assert.rejects(attempt('hana', right), code('sign-in.locked', /in 15 minutes/))
    assert.equal((await opened.access.users.list())[0]?.locked, true)
    assert.deepEqual(kinds().at(-1), ['sign-in.failed', 'sign-in.locked'])
    opened.nowMs += limits.signInLockMs - 1
    await assert.rejects(attempt('hana', right), code('sign-in.locked', /in 1 minutes/))
    opened.nowMs += 1
    await attempt('hana', right)
    assert.equal((await opened.access.users.list())[0]?.locked, false)
  })

  test('guesses at the same moment get no further than guesses in a row', async () => {
    await opened.person('hana', right)
    const guesses = Array.from({ length: 15 }, () => attempt('hana', 'wrong'))
    const codes = (await Promise.allSettled(guesses)).map(result => {
      return result.status === 'rejected' ? String((result.reason as { code?: unknown }).code) : 'in'
    })
    assert.equal(codes.filter(one => one === 'sign-in.failed').length, limits.signInFailuresMax)
    assert.equal(codes.filter(one => one === 'sign-in.locked').length, 10)
  })

  test('many at once with the right password all get in', async () => {
    await opened.person('hana', right)
    const all = await Promise.all(Array.from({ length: 12 }, () => attempt('hana', right)))
    assert.equal(new Set(all.map(one => one.cookie.reveal())).size, 12)
  })

  test('a success clears the count; an administrator unlocks', async () => {
    const user = await opened.person('hana', right)
    const fail = async (times: number) => {
      for (let tries = 0; tries < times; tries++) {
        await assert.rejects(attempt('hana', 'wrong'), code('sign-in.failed'))
      }
    }
    await fail(limits.signInFailuresMax - 1)
    await attempt('hana', right)
    await fail(limits.signInFailuresMax)
    await opened.access.users.unlock(user.id, admin)
    await attempt('hana', right)
  })

  test('attempts of one address are limited, in all names together, and recorded once a minute', async () => {
    await opened.person('hana', right)
    for (let tries = 0; tries < limits.signInsPerMinuteMax; tries++) {
      await assert.rejects(attempt(`name-${tries}`, 'x', '2001:db8::1'), code('sign-in.failed'))
    }
    opened.events.length = 0
    await assert.rejects(attempt('hana', right, '2001:db8:0:0:ffff::9'), code('sign-in.rate-limited'))
    await assert.rejects(attempt('hana', right, '2001:db8::1'), code('sign-in.rate-limited'))
    assert.deepEqual(kinds(), [['sign-in.failed', 'sign-in.rate-limited']])
    await attempt('hana', right, '2001:db8:0:1::1')
    opened.nowMs += 60_000
    await attempt('hana', right, '2001:db8::1')
  })

  test('a disabled user is told so only after the right password', async () => {
    const user = await opened.person('hana', right)
    await opened.access.users.update(user.id, { disabled: true }, admin)
    await assert.rejects(attempt('hana', 'wrong'), code('sign-in.failed'))
    await assert.rejects(attempt('hana', right), code('sign-in.disabled'))
    assert.deepEqual(kinds().at(-1), ['sign-in.failed', 'sign-in.disabled'])
  })

  test('what cannot be a name is not put on record: it may be a password', async () => {
    await assert.rejects(attempt('My Secret Pass!', 'x'), code('sign-in.failed'))
    assert.ok(!JSON.stringify(opened.events).includes('ecret'))
  })

  test('an outdated hash is replaced while the password is known', async () => {
    const user = await opened.person('hana', right)
    const access = await opened.restart({ passwordCost: { m: 16, t: 1, p: 1 } })
    await access.signIn.signIn('hana', secret(right), from)
    const kept = await createUserStore(opened.database).get(user.id)
    assert.match(kept?.passwordHash ?? '', /m=16,t=1,p=1/)
    await access.signIn.signIn('hana', secret(right), from)
  })
})

describe('a console session', () => {
  const opened = openedAccess()
  const enter = async () => {
    const { cookie } = await opened.access.signIn.signIn('hana', secret(right), from)
    return cookie
  }
  const find = (cookie: Secret) => opened.access.signIn.find(cookie)

  test('ends when it is not used, however little', async () => {
    await opened.person('hana', right)
    const cookie = await enter()
    opened.nowMs += limits.consoleIdleMs - 1
    assert.equal((await find(cookie))?.expiresAtMs, opened.nowMs + limits.consoleIdleMs)
    opened.nowMs += limits.consoleIdleMs - 1
    assert.ok(await find(cookie))
    opened.nowMs += limits.consoleIdleMs
    assert.equal(await find(cookie), undefined)
  })

  test('ends after its longest life, also when it is used', async () => {
    await opened.person('hana', right)
    const cookie = await enter()
    const endMs = opened.nowMs + limits.consoleLifeMs
    while (opened.nowMs + limits.consoleIdleMs / 2 < endMs) {
      opened.nowMs += limits.consoleIdleMs / 2
      const session = await find(cookie)
      assert.ok(session && session.expiresAtMs <= endMs)
    }
    opened.nowMs = endMs
    assert.equal(await find(cookie), undefined)
  })

  test('writes its use down at most once a minute', async () => {
    await opened.person('hana', right)
    let touched = 0
    const sessions = createSessionStore(opened.database)
    opened.access = await opened.restart({
      sessions: { ...sessions, touch: (...all) => (touched++, sessions.touch(...all)) },
    })
    const cookie = await enter()
    for (let uses = 0; uses < 5; uses++) await find(cookie)
    assert.equal(touched, 0)
    opened.nowMs += 60_000
    await find(cookie)
    await find(cookie)
    assert.equal(touched, 1)
  })

  test('ends with signing out, which is recorded', async () => {
    await opened.person('hana', right)
    const cookie = await enter()
    const other = await enter()
    await opened.access.signIn.signOut(cookie, from)
    assert.equal(opened.events.at(-1)?.kind, 'sign-out')
    assert.equal(await find(cookie), undefined)
    assert.ok(await find(other))
    await opened.access.signIn.signOut(cookie, from)
    assert.equal(await find(secret('made up')), undefined)
  })

  test('ends at once when its user is disabled, reset or removed', async () => {
    const user = await opened.person('hana', right)
    await opened.person('root', right, { role: 'administrator' })
    let cookie = await enter()
    await opened.access.users.update(user.id, { disabled: true }, admin)
    assert.deepEqual(await opened.database.query.selectFrom('console_sessions').selectAll().execute(), [])
    assert.equal(await find(cookie), undefined)
    assert.deepEqual(opened.published, [`users ${user.id}`])
    await opened.access.users.update(user.id, { disabled: false }, admin)
    assert.equal(await find(cookie), undefined, 'it does not come back')
    cookie = await enter()
    const password = await opened.access.users.resetPassword(user.id, admin)
    assert.equal(await find(cookie), undefined)
    cookie = (await opened.access.signIn.signIn('hana', password, from)).cookie
    assert.equal((await find(cookie))?.mustChangePassword, true)
    await opened.access.users.remove(user.id, admin)
    assert.equal(await find(cookie), undefined)
  })

  test('of a user whom another server is just disabling does not count', async () => {
    const user = await opened.person('hana', right)
    const cookie = await enter()
    await createUserStore(opened.database).update(user.id, { disabled: true })
    assert.equal(await find(cookie), undefined)
  })

  test('has a forgery token of its own that does not give the cookie away', async () => {
    await opened.person('hana', right)
    const [one, two] = [await enter(), await enter()]
    const session = await find(one)
    assert.ok(session)
    assert.ok(isCsrfToken(session, session.csrfToken))
    assert.equal((await find(one))?.csrfToken, session.csrfToken)
    assert.notEqual((await find(two))?.csrfToken, session.csrfToken)
    for (const wrong of [undefined, '', `${session.csrfToken}x`, session.csrfToken.slice(1)]) {
      assert.ok(!isCsrfToken(session, wrong))
    }
    assert.ok(!session.csrfToken.includes(one.reveal()))
  })
})

describe('changing the password', () => {
  const opened = openedAccess()
  const next = 'another fine phrase 8'

  test('ends the other sessions, keeps this one, and is on record without the password', async () => {
    const user = await opened.person('hana', right)
    const { signIn } = opened.access
    const { cookie } = await signIn.signIn('hana', secret(right), from)
    const other = (await signIn.signIn('hana', secret(right), from)).cookie
    await signIn.changePassword(cookie, secret(right), secret(next), from)
    assert.ok(await signIn.find(cookie))
    assert.equal(await signIn.find(other), undefined)
    assert.deepEqual(opened.published, [`users ${user.id}`])
    assert.ok(!JSON.stringify(opened.events).includes('phrase'))
    await assert.rejects(signIn.signIn('hana', secret(right), from), code('sign-in.failed'))
    await signIn.signIn('hana', secret(next), from)
  })

  test('asks for the current one, under the same lock as signing in', async () => {
    await opened.person('hana', right)
    const { signIn } = opened.access
    const { cookie } = await signIn.signIn('hana', secret(right), from)
    const change = (current: string, to = next) =>
      signIn.changePassword(cookie, secret(current), secret(to), from)
    await assert.rejects(change(right, right), code('password.weak', /the one you have now/))
    await assert.rejects(change(right, 'hana-hana-hana'), code('password.weak', /user name/))
    for (let tries = 0; tries < limits.signInFailuresMax; tries++) {
      await assert.rejects(change('wrong'), code('sign-in.failed'))
    }
    await assert.rejects(change(right), code('sign-in.locked'))
    await assert.rejects(
      signIn.changePassword(secret('made up'), secret(right), secret(next), from),
      code('sign-in.required'),
    )
  })

  test('that cannot be recorded changes nothing', async () => {
    const user = await opened.person('hana', right)
    const { cookie } = await opened.access.signIn.signIn('hana', secret(right), from)
    const before = (await createUserStore(opened.database).get(user.id))?.passwordHash
    opened.recording = false
    await assert.rejects(
      opened.access.signIn.changePassword(cookie, secret(right), secret(next), from),
      code('audit.unavailable'),
    )
    assert.equal((await createUserStore(opened.database).get(user.id))?.passwordHash, before)
  })

  test('hashes are never equal, even of equal passwords', async () => {
    const random = (size: number) => crypto.getRandomValues(new Uint8Array(size))
    assert.notEqual(await hashPassword(secret(right), random), await hashPassword(secret(right), random))
  })
})
