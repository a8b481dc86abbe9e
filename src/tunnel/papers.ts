// What a device shows: whether its certificate is one of ours, still good, and whose it is.

import { X509Certificate } from 'node:crypto'
import type { TLSSocket } from 'node:tls'
import type { Refusal } from './framing.ts'

/** Certificates whose signature was checked; each device has one at a time. */
const certificatesMax = 10_000

export const unknownDevice: Refusal = {
  ok: false,
  code: 'device.unknown',
  message: 'This device is not signed in any more. Sign in again: sekisho login',
}

/** Who a certificate says it is for. */
export interface Paper {
  readonly deviceId: string
  readonly userId: string
}

export type Papers = Paper | Refusal

/**
 * Looks at the certificate of a connection. TLS has checked that the other side holds its key, in this handshake or in
 * the one that this one resumes. That it comes from our authority and is still good is checked here for every stream,
 * since a resumed handshake checks neither.
 */
export function createPapers(authority: string, nowMs: () => number): (stream: TLSSocket) => Papers {
  const issuer = new X509Certificate(authority)
  const checked = new Map<string, X509Certificate>()
  return (stream: TLSSocket): Papers => {
    const shown = stream.getPeerCertificate()
    if (shown.raw === undefined)
      return { ok: false, code: 'device.unknown', message: 'The device shows no certificate.' }
    let certificate = checked.get(shown.fingerprint256)
    if (certificate === undefined) {
      const fresh = new X509Certificate(shown.raw)
      const isOurs = stream.authorized || stream.authorizationError?.toString() === 'CERT_HAS_EXPIRED'
      if (!isOurs || !fresh.checkIssued(issuer) || !fresh.verify(issuer.publicKey))
        return {
          ok: false,
          code: 'device.unknown',
          message: 'The certificate of the device is not from this server.',
        }
      certificate = fresh
      if (checked.size >= certificatesMax) checked.clear()
      checked.set(shown.fingerprint256, certificate)
    }
    const now = nowMs()
    if (Date.parse(certificate.validTo) <= now || Date.parse(certificate.validFrom) > now)
      return { ok: false, code: 'device.expired', message: 'The certificate of the device has expired.' }
    const { CN: deviceId, O: userId } = shown.subject
    if (typeof deviceId !== 'string' || typeof userId !== 'string') return unknownDevice
    return { deviceId, userId }
  }
}
