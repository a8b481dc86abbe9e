// Passwords encrypted with a public key, where a method of login needs the password itself and there is no TLS.

import {
  constants,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  privateDecrypt,
  publicEncrypt,
} from 'node:crypto'
import { promisify } from 'node:util'
import { GatewayError } from '../../core/errors.ts'
import { unveiled, veiled } from './auth-proofs.ts'

const generate = promisify(generateKeyPair)

/** What MySQL itself generates. */
const modulusBits = 2048

const padding = constants.RSA_PKCS1_OAEP_PADDING

interface Pair {
  readonly privateKey: KeyObject
  readonly publicPem: string
}

let made: Promise<Pair> | undefined

/** One for the life of the process: made when the first client needs it, never kept. */
const ownPair = (): Promise<Pair> =>
  (made ??= generate('rsa', { modulusLength: modulusBits }).then(({ privateKey, publicKey }) => ({
    privateKey,
    publicPem: String(publicKey.export({ type: 'spki', format: 'pem' })),
  })))

/** The key to tell clients. */
export const ownPublicKey = async (): Promise<string> => (await ownPair()).publicPem

/** @returns the password; `undefined` if it was not encrypted as it should be */
export async function decryptPassword(encrypted: Buffer, nonce: Uint8Array): Promise<string | undefined> {
  const { privateKey } = await ownPair()
  try {
    return unveiled(privateDecrypt({ key: privateKey, padding }, encrypted), nonce)
  } catch {
    return undefined
  }
}

/**
 * Encrypts a password for a server.
 * @param pem  the server's public key
 * @throws GatewayError `target.login-failed` if the key is none, too weak, or too small for the password
 */
export function encryptPassword(password: string, nonce: Uint8Array, pem: Buffer): Buffer {
  try {
    const key = createPublicKey(pem)
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    if (key.asymmetricKeyType !== 'rsa' || bits < modulusBits || bits > 8 * modulusBits)
      throw new GatewayError(
        'target.login-failed',
        `its public key is not RSA with ${modulusBits} bits or more.`,
      )
    return publicEncrypt({ key, padding }, veiled(password, nonce))
  } catch (error) {
    if (error instanceof GatewayError) throw error
    throw new GatewayError('target.login-failed', 'its public key cannot be used.', { cause: error })
  }
}
