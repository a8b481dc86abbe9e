// SCRAM-SHA-256 (RFC 5802, RFC 7677), both sides, without channel binding. Pure but for the key derivation's threads.

import { createHash, createHmac, pbkdf2, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

export const scramMechanism = 'SCRAM-SHA-256'

const deriveKey = promisify(pbkdf2)
const hmac = (key: Uint8Array, data: Uint8Array | string): Buffer =>
  createHmac('sha256', key).update(data).digest()
const sha256 = (data: Uint8Array): Buffer => createHash('sha256').update(data).digest()

/** The exchange does not follow the protocol, or the other side could not prove itself. */
export class ScramError extends Error {
  constructor(what: string) {
    super(what)
    this.name = 'ScramError'
  }
}

const asBase64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString('base64')

function xor(left: Uint8Array, right: Uint8Array): Buffer {
  const result = Buffer.alloc(left.length)
  for (let i = 0; i < left.length; i++) result[i] = Number(left[i]) ^ Number(right[i])
  return result
}

/** Attributes of a SCRAM message, in order: `r=…,s=…,i=…`. */
function attribute(part: string | undefined, letter: string): string {
  if (part?.startsWith(`${letter}=`) !== true) throw new ScramError(`attribute ${letter} is missing`)
  return part.slice(2)
}

export interface ScramKeys {
  readonly storedKey: Uint8Array
  readonly serverKey: Uint8Array
}

/** What the server must remember between its two messages. */
export interface ScramChallenge {
  /** To send. */
  readonly serverFirst: string
  readonly nonce: string
  readonly gs2Header: string
  readonly clientFirstBare: string
}

/**
 * Answers the client's first message.
 * @throws ScramError
 */
export function challenge(
  clientFirst: string,
  salt: Uint8Array,
  iterations: number,
  nonceBytes: Uint8Array,
): ScramChallenge {
  const header = /^(?:n|y|p=[A-Za-z0-9.-]+),(?:a=[^,]*)?,/.exec(clientFirst)?.[0]
  if (header === undefined) throw new ScramError('the first message cannot be read')
  if (header.startsWith('p')) throw new ScramError('channel binding was not offered')
  if (!/^[ny],,$/.test(header)) throw new ScramError('an authorization identity is not supported')
  const bare = clientFirst.slice(header.length)
  const clientNonce = attribute(bare.split(',')[1], 'r')
  if (!/^[\x21-\x2b\x2d-\x7e]+$/.test(clientNonce)) throw new ScramError('the nonce cannot be read')
  const nonce = clientNonce + asBase64(nonceBytes)
  return {
    serverFirst: `r=${nonce},s=${asBase64(salt)},i=${iterations}`,
    nonce,
    gs2Header: header,
    clientFirstBare: bare,
  }
}

/**
 * Checks the client's proof against every candidate, in a time that does not tell which one fits.
 * @returns the candidate that fits and the server's last message, or `undefined`
 * @throws ScramError if the message is not what the protocol asks for
 */
export function checkProof<Candidate extends ScramKeys>(
  started: ScramChallenge,
  clientFinal: string,
  candidates: readonly Candidate[],
): { readonly candidate: Candidate; readonly serverFinal: string } | undefined {
  const proofAt = clientFinal.lastIndexOf(',p=')
  if (proofAt < 0) throw new ScramError('the proof is missing')
  const withoutProof = clientFinal.slice(0, proofAt)
  const [binding, nonce] = withoutProof.split(',')
  if (attribute(binding, 'c') !== asBase64(Buffer.from(started.gs2Header)))
    throw new ScramError('the channel binding does not fit')
  if (attribute(nonce, 'r') !== started.nonce) throw new ScramError('the nonce does not fit')
  const proof = Buffer.from(clientFinal.slice(proofAt + 3), 'base64')
  if (proof.length !== 32) throw new ScramError('the proof has the wrong size')
  const authMessage = `${started.clientFirstBare},${started.serverFirst},${withoutProof}`
  let found: Candidate | undefined
  for (const candidate of candidates) {
    const clientKey = xor(proof, hmac(candidate.storedKey, authMessage))
    if (timingSafeEqual(sha256(clientKey), candidate.storedKey)) found = candidate
  }
  // As much work for an unknown user as for a known one with one token.
  if (candidates.length === 0) timingSafeEqual(sha256(xor(proof, hmac(proof, authMessage))), proof)
  if (!found) return undefined
  return { candidate: found, serverFinal: `v=${asBase64(hmac(found.serverKey, authMessage))}` }
}

/** The keys a server keeps for a password. */
export async function scramKeys(password: string, salt: Uint8Array, iterations: number): Promise<ScramKeys> {
  const salted = await deriveKey(prepared(password), salt, iterations, 32, 'sha256')
  return { storedKey: sha256(hmac(salted, 'Client Key')), serverKey: hmac(salted, 'Server Key') }
}

/** SASLprep (RFC 4013) as far as passwords in use need it: odd spaces, soft hyphens, compatible forms. */
const prepared = (password: string): string =>
  password
    .replaceAll(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/g, ' ')
    .replaceAll(/\u00ad|\u1806|\u200c|\u200d|\u2060|[\ufe00-\ufe0f]|\ufeff/g, '')
    .normalize('NFKC')

/** Most iterations a target may ask of us: more would keep a thread busy for it. */
const iterationsMax = 1_000_000

/** The client's side, used towards the target. */
export class ScramClient {
  readonly #bare: string
  readonly #nonce: string
  #serverSignature: Buffer | undefined

  constructor(nonceBytes: Uint8Array) {
    this.#nonce = asBase64(nonceBytes)
    this.#bare = `n=,r=${this.#nonce}`
  }

  first(): string {
    return `n,,${this.#bare}`
  }

  /** @throws ScramError */
  async final(serverFirst: string, password: string): Promise<string> {
    const [nonceText, saltText, iterationText] = serverFirst.split(',')
    const nonce = attribute(nonceText, 'r')
    const salt = Buffer.from(attribute(saltText, 's'), 'base64')
    const iterations = Number(attribute(iterationText, 'i'))
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length)
      throw new ScramError('the nonce does not fit')
    if (!Number.isInteger(iterations) || iterations < 1 || iterations > iterationsMax)
      throw new ScramError('the iteration count is out of bounds')
    const salted = await deriveKey(prepared(password), salt, iterations, 32, 'sha256')
    const clientKey = hmac(salted, 'Client Key')
    const withoutProof = `c=${asBase64(Buffer.from('n,,'))},r=${nonce}`
    const authMessage = `${this.#bare},${serverFirst},${withoutProof}`
    this.#serverSignature = hmac(hmac(salted, 'Server Key'), authMessage)
    return `${withoutProof},p=${asBase64(xor(clientKey, hmac(sha256(clientKey), authMessage)))}`
  }

  /** Whether the server knows the password too. @throws ScramError if it does not */
  verify(serverFinal: string): void {
    const signature = Buffer.from(attribute(serverFinal.split(',')[0], 'v'), 'base64')
    const expected = this.#serverSignature
    if (!expected || signature.length !== expected.length || !timingSafeEqual(signature, expected))
      throw new ScramError('the server could not prove that it knows the password')
  }
}
