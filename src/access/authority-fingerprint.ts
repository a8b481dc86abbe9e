// The fingerprint of the authority of devices, as people compare it.

import { createHash } from 'node:crypto'

/** @returns `SHA256:` and base64 without padding, as OpenSSH writes fingerprints */
export function fingerprintOf(der: ArrayBuffer | Uint8Array): string {
  const bytes = der instanceof Uint8Array ? der : new Uint8Array(der)
  return `SHA256:${createHash('sha256').update(bytes).digest('base64').replace(/=+$/, '')}`
}
