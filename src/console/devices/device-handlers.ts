// Devices: how the user agent is let in, renewed and sent away. People allow, never programs.

import type { IssuedCertificate } from '../../access/devices.ts'
import type { DeviceId } from '../../access/device-store.ts'
import { GatewayError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import type { Routes } from '../contract.ts'
import type { DevicePass, DeviceRoutes } from './device-contract.ts'
import type { Handlers, Visitor } from '../handlers.ts'
import type { ConsoleParts } from '../parts.ts'

/** How often a device without a browser asks whether it was let in. */
const intervalMs = 2_000

export function deviceHandlers(parts: ConsoleParts): Handlers<keyof DeviceRoutes & keyof Routes> {
  const { devices, access, tunnelPort, publicHost } = parts
  const passOf = (issued: IssuedCertificate, userName: string): DevicePass => ({
    deviceId: issued.device.id,
    userName,
    certificate: issued.certificate,
    expiresAtMs: issued.expiresAtMs,
    signedInUntilMs: issued.device.signedInUntilMs,
  })
  return {
    async 'GET /api/devices'({ visitor: { user } }) {
      const isAdministrator = user.role === 'administrator'
      const [found, people] = await Promise.all([
        isAdministrator ? devices.list() : devices.ofUser(user.id),
        isAdministrator ? access.users.list() : [user],
      ])
      const names = new Map(people.map(one => [one.id, one.name]))
      return found.map(({ publicKey: _key, userId, ...device }) => ({
        ...device,
        userName: names.get(userId) ?? '',
        own: userId === user.id,
      }))
    },
    'DELETE /api/devices/:id': ({ param, visitor: { user, by } }) =>
      devices.revoke(param('id') as DeviceId, by, user.role === 'administrator' ? 'any' : user.id),

    'GET /api/device/tunnel': () =>
      Promise.resolve({
        host: publicHost,
        port: tunnelPort,
        authority: devices.authority.certificate,
        fingerprint: devices.authority.fingerprint,
      }),
    async 'POST /api/device/code'({ input, address }) {
      const { code, userCode, expiresAtMs } = await devices.begin(input, address)
      return { code: code.reveal(), userCode, page: '/device', expiresAtMs, intervalMs }
    },
    async 'POST /api/device/look'({ input, address }) {
      const grant = await devices.look(input.userCode, address)
      return {
        name: grant.name,
        system: grant.system,
        address: grant.address,
        expiresAtMs: grant.expiresAtMs,
      }
    },
    'POST /api/device/decide': ({ input, visitor }) =>
      devices.decide(input.userCode, input.allow, personOf(visitor)),
    async 'POST /api/device/authorize'({ input, visitor }) {
      const { redirect, state, ...wish } = input
      const back = loopback(redirect)
      const code = await devices.authorize(wish, personOf(visitor))
      back.searchParams.set('code', code.reveal())
      back.searchParams.set('state', state)
      return { redirect: back.href }
    },
    async 'POST /api/device/token'({ input, address }) {
      const { code, verifier, publicKey, proof } = input
      const claim = { code: new Secret(code), verifier: new Secret(verifier), publicKey, proof }
      const answer = await devices.claim(claim, address)
      if (answer.state !== 'allowed') return { state: answer.state }
      return { state: 'allowed', pass: passOf(answer, answer.user.name) }
    },
    async 'POST /api/device/renew'({ input, address }) {
      const issued = await devices.renew(input, address)
      const owner = await access.users.get(issued.device.userId)
      return passOf(issued, owner?.name ?? '')
    },
    'POST /api/device/leave': ({ input, address }) => devices.leave(input, address),
  }
}

function personOf({ user, by, isProgram }: Visitor) {
  if (isProgram) throw new GatewayError('request.forbidden')
  return { ...by, userId: user.id }
}

/** Only to a program on the same computer as the browser (RFC 8252 section 7.3): a code must go nowhere else. */
function loopback(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  const isOwn =
    url !== undefined &&
    url.protocol === 'http:' &&
    (url.hostname === '127.0.0.1' || url.hostname === '[::1]') &&
    url.username === '' &&
    url.port !== '' &&
    url.pathname === '/callback' &&
    url.search === '' &&
    url.hash === ''
  if (!isOwn)
    throw new GatewayError('request.invalid', 'the address to go back to is not one of this computer')
  return url
}
