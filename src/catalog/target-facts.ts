// What the fields of a target may look like; all problems reported at once.

import { X509Certificate } from 'node:crypto'
import { isIP } from 'node:net'
import { GatewayError } from '../core/errors.ts'
import { limits } from '../core/limits.ts'
import type { Secret } from '../core/secret.ts'
import type { JumpHost, TlsMode } from '../core/target.ts'
import type { NewTarget } from './catalog.ts'

const tlsModes: readonly TlsMode[] = ['disable', 'prefer', 'require', 'verify-full']
const protocols: readonly NewTarget['protocol'][] = ['postgres', 'mysql']
/** PostgreSQL's own limit for names is 63 bytes; other servers have up to 128. */
const nameCharactersMax = 128
const passwordCharactersMax = 1_000
const tlsCaCharactersMax = 500_000
const tagsMax = 50
const jumpSecretCharactersMax = 20_000
const hostKeyCharactersMax = 2_000
const hostKeyForm =
  /^(SHA256:[A-Za-z0-9+/]{43}=?|(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{40,}={0,2}( [^\r\n]*)?)$/

/** @throws GatewayError `request.invalid` with all that is wrong; never holds the password */
export function checkTargetFacts(facts: Partial<NewTarget>): void {
  const problems: string[] = []
  const check = <Field extends keyof NewTarget>(
    field: Field,
    isRight: (value: Exclude<NewTarget[Field], undefined>) => boolean,
    rule: string,
  ) => {
    const value = facts[field]
    if (value !== undefined && !isRight(value as Exclude<NewTarget[Field], undefined>)) {
      problems.push(`${field}: ${rule}`)
    }
  }
  check('name', name => /^[a-z0-9._-]{1,64}$/.test(name), '1 to 64 of a-z 0-9 . _ -')
  check('protocol', protocol => protocols.includes(protocol), `one of ${protocols.join(', ')}`)
  check('host', isHost, 'a host name or an address')
  check('port', port => Number.isInteger(port) && port >= 1 && port <= 65_535, '1 to 65535')
  check('database', isName, `1 to ${nameCharactersMax} characters`)
  check('account', isName, `1 to ${nameCharactersMax} characters`)
  check(
    'password',
    password => password.reveal().length <= passwordCharactersMax && !password.reveal().includes('\0'),
    `at most ${passwordCharactersMax} characters`,
  )
  check('tls', tls => tlsModes.includes(tls), `one of ${tlsModes.join(', ')}`)
  check('tlsCa', ca => ca === '' || isCertificates(ca), 'certificates in PEM form')
  check(
    'tags',
    isTags,
    `at most ${tagsMax} of name=value; names are 1 to 64 of a-z 0-9 . _ -, values at most 200 characters`,
  )
  check(
    'jump',
    jump => jump === null || isJumpHost(jump),
    'host, port, user and the host key that was confirmed (`ssh-ed25519 AAAA…` or `SHA256:…`)',
  )
  check(
    'jumpSecret',
    secret => isJumpSecret(secret, facts.jump),
    'a private key in PEM or OpenSSH form, or a password',
  )
  check(
    'snapshotRowsMax',
    rows => Number.isInteger(rows) && rows >= 0 && rows <= limits.snapshotRowsCeiling,
    `0 to ${limits.snapshotRowsCeiling}`,
  )
  if (problems.length > 0) throw new GatewayError('request.invalid', problems.join('; '))
}

function isHost(host: string): boolean {
  if (isIP(host) !== 0) return true
  return (
    host.length <= 253 &&
    /^[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(host)
  )
}

/** A NUL would end the name in the protocols' own texts. */
function isName(text: string): boolean {
  return text.length >= 1 && text.length <= nameCharactersMax && !/\p{Cc}/u.test(text)
}

function isJumpHost({ host, port, user, hostKey, auth }: JumpHost): boolean {
  return (
    isHost(host) &&
    Number.isInteger(port) &&
    port >= 1 &&
    port <= 65_535 &&
    isName(user) &&
    hostKey.length <= hostKeyCharactersMax &&
    hostKeyForm.test(hostKey) &&
    (auth === 'key' || auth === 'password')
  )
}

function isJumpSecret(secret: Secret, jump: JumpHost | null | undefined): boolean {
  const text = secret.reveal()
  if (text === '' || text.length > jumpSecretCharactersMax || text.includes('\0')) return false
  return jump?.auth !== 'key' || /-----BEGIN [A-Z ]*PRIVATE KEY-----/.test(text)
}

function isTags(tags: Readonly<Record<string, string>>): boolean {
  const entries = Object.entries(tags)
  return (
    entries.length <= tagsMax &&
    entries.every(([name, value]) => {
      return (
        /^[a-z0-9._-]{1,64}$/.test(name) &&
        typeof value === 'string' &&
        value.length <= 200 &&
        !/\p{Cc}/u.test(value)
      )
    })
  )
}

function isCertificates(pem: string): boolean {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  if (blocks.length === 0 || pem.length > tlsCaCharactersMax || pem.includes('PRIVATE KEY')) return false
  return blocks.every(block => {
    try {
      return new X509Certificate(block).subject !== undefined
    } catch {
      return false
    }
  })
}
