// The authority of devices: issues their certificates, and the one by which they know the tunnel. X.509 by @peculiar/x509.

import { webcrypto } from 'node:crypto'
import type { Clock } from '../core/clock.ts'
import { Secret } from '../core/secret.ts'
import type { Vault } from './access.ts'
import { fingerprintOf } from './authority-fingerprint.ts'
import type { AuthorityStore, Device, StoredAuthority } from './device-store.ts'
import type { RandomBytes } from './random-text.ts'
import { tunnelName } from './tunnel-name.ts'

export interface DeviceAuthority {
  /** PEM: what devices keep. */
  readonly certificate: string
  /** `SHA256:…` of the certificate, as people compare it. */
  readonly fingerprint: string
  /** @returns PEM: proves, with the device's own key, which device it is and whose */
  issue(device: Pick<Device, 'id' | 'userId' | 'publicKey'>, untilMs: number): Promise<string>
  /** For the tunnel of one server, made anew at each start. PEM. */
  issueTunnel(): Promise<{ readonly certificate: string; readonly key: Secret }>
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const purpose = 'device authority'
const dayMs = 86_400_000
const authorityLifeMs = 20 * 365 * dayMs
const tunnelLifeMs = 5 * 365 * dayMs
/** Clocks of devices may be behind. */
const backdatedMs = 60 * 60 * 1000

export interface DeviceAuthorityParts {
  readonly store: AuthorityStore
  readonly vault: Vault
  readonly clock: Clock
  readonly randomBytes: RandomBytes
}

/** Opens the authority of this database, or makes it. */
export async function openDeviceAuthority(parts: DeviceAuthorityParts): Promise<DeviceAuthority> {
  const x509 = await loadX509()
  const stored = (await parts.store.get()) ?? (await make(x509, parts))
  const certificate = new x509.X509Certificate(stored.certificate)
  const key = await importKey(parts.vault.open(stored.sealedKey, purpose))
  const issue = async (wanted: Wanted): Promise<string> => {
    const nowMs = parts.clock.nowMs()
    const issued = await x509.X509CertificateGenerator.create({
      serialNumber: Buffer.from(parts.randomBytes(16)).toString('hex'),
      issuer: certificate.subject,
      subject: wanted.subject,
      notBefore: new Date(nowMs - backdatedMs),
      notAfter: new Date(wanted.untilMs),
      signingAlgorithm: algorithm,
      publicKey: wanted.publicKey,
      signingKey: key,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage[wanted.use]], true),
        ...(wanted.name === undefined
          ? []
          : [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: wanted.name }])]),
      ],
    })
    return issued.toString('pem')
  }
  return {
    certificate: stored.certificate,
    fingerprint: fingerprintOf(certificate.rawData),
    issue: async (device, untilMs) =>
      issue({
        subject: [{ CN: [device.id] }, { O: [device.userId] }],
        publicKey: await importPublicKey(device.publicKey),
        use: 'clientAuth',
        name: undefined,
        untilMs,
      }),
    async issueTunnel() {
      const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
      const made = await issue({
        subject: [{ CN: [tunnelName] }],
        publicKey: keys.publicKey,
        use: 'serverAuth',
        name: tunnelName,
        untilMs: parts.clock.nowMs() + tunnelLifeMs,
      })
      return { certificate: made, key: await exportKey(keys.privateKey) }
    },
  }
}

interface Wanted {
  readonly subject: { readonly [name: string]: string[] }[]
  readonly publicKey: webcrypto.CryptoKey
  readonly use: 'clientAuth' | 'serverAuth'
  readonly name: string | undefined
  readonly untilMs: number
}

/** Large, and not needed before the first device or the first start. */
const loadX509 = () => import('@peculiar/x509')
type X509 = Awaited<ReturnType<typeof loadX509>>

async function make(x509: X509, parts: DeviceAuthorityParts): Promise<StoredAuthority> {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const nowMs = parts.clock.nowMs()
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: Buffer.from(parts.randomBytes(16)).toString('hex'),
    name: [{ CN: ['Sekisho devices'] }],
    notBefore: new Date(nowMs - backdatedMs),
    notAfter: new Date(nowMs + authorityLifeMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  const sealedKey = parts.vault.seal(await exportKey(keys.privateKey), purpose)
  await parts.store.add({ sealedKey, certificate: certificate.toString('pem') })
  // Another server may have been faster: what is kept counts.
  const kept = await parts.store.get()
  if (kept === undefined) throw new Error('the authority of devices could not be kept')
  return kept
}

async function exportKey(key: webcrypto.CryptoKey): Promise<Secret> {
  const der = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', key)).toString('base64')
  const lines = der.match(/.{1,64}/g) ?? []
  return new Secret(`-----BEGIN PRIVATE KEY-----\n${lines.join('\n')}\n-----END PRIVATE KEY-----\n`)
}

function importKey(pem: Secret): Promise<webcrypto.CryptoKey> {
  const der = Buffer.from(pem.reveal().replace(/-----[^-]+-----|\s/g, ''), 'base64')
  return webcrypto.subtle.importKey('pkcs8', der, algorithm, false, ['sign'])
}

const importPublicKey = (base64: string): Promise<webcrypto.CryptoKey> =>
  webcrypto.subtle.importKey('spki', Buffer.from(base64, 'base64'), algorithm, true, ['verify'])
