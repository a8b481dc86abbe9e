// Seals statement texts for the audit: AES-256-GCM under a key of the vault, as one run of bytes: nonce, ciphertext, tag.

import { createCipheriv, createDecipheriv, createSecretKey, randomBytes } from 'node:crypto'

const nonceBytes = 12
const tagBytes = 16
/** Random bytes are fetched from the system for so many nonces at once: fetching costs more than sealing a short text. */
const noncesAtOnce = 128

export interface TextSealing {
  seal(plain: Uint8Array): Uint8Array
  /** @throws Error if the bytes were changed, or sealed under another key */
  open(sealed: Uint8Array): Uint8Array
}

export function createTextSealing(key: Uint8Array): TextSealing {
  // Made once: a raw key would be prepared anew for every text, at three times the price.
  const prepared = createSecretKey(key)
  let nonces = Buffer.alloc(0)
  const nextNonce = (): Uint8Array => {
    if (nonces.length === 0) nonces = randomBytes(nonceBytes * noncesAtOnce)
    const nonce = nonces.subarray(0, nonceBytes)
    nonces = nonces.subarray(nonceBytes)
    return nonce
  }
  return {
    seal(plain) {
      const nonce = nextNonce()
      const cipher = createCipheriv('aes-256-gcm', prepared, nonce)
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()])
    },
    open(sealed) {
      const decipher = createDecipheriv('aes-256-gcm', prepared, sealed.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      })
      decipher.setAuthTag(sealed.subarray(sealed.length - tagBytes))
      return Buffer.concat([decipher.update(sealed.subarray(nonceBytes, -tagBytes)), decipher.final()])
    },
  }
}
