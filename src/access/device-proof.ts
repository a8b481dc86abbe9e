// What devices prove by their key, and how that is checked.

import { createPublicKey, verify } from 'node:crypto'

/** What a device signs with its key. */
export const signedText = (what: 'sign-in' | 'renew' | 'leave', ...facts: readonly (string | number)[]) =>
  ['sekisho device', what, ...facts].join('\n')

const keyOf = (publicKey: string) =>
  createPublicKey({ key: Buffer.from(publicKey, 'base64'), format: 'der', type: 'spki' })

export function isDeviceKey(publicKey: string): boolean {
  try {
    return keyOf(publicKey).asymmetricKeyDetails?.namedCurve === 'prime256v1'
  } catch {
    return false
  }
}

export function isSigned(publicKey: string, text: string, proof: string): boolean {
  try {
    const key = { key: keyOf(publicKey), dsaEncoding: 'ieee-p1363' } as const
    return verify('sha256', Buffer.from(text), key, Buffer.from(proof, 'base64'))
  } catch {
    return false
  }
}
