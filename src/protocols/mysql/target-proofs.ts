// Proving to a target that we know the password, by the method that it asks for, as far as that is safe.

import { TLSSocket } from 'node:tls'
import type { Secret } from '../../core/secret.ts'
import { type Account, loginFailed } from '../target-connection.ts'
import { ed25519Sign } from '../../wire/auth-ed25519.ts'
import { nativeProof, sha2Proof } from './auth-proofs.ts'
import { encryptPassword } from './auth-rsa.ts'
import type { Capabilities } from './capabilities.ts'
import { answer, decodeError, decodeOk, type Ok } from './codec.ts'
import type { Exchange } from './exchange.ts'
import { decodeAuthSwitch, nonceBytes } from './handshake.ts'

/** A packet of a target before it is ready: long enough for every greeting, key and error. */
const loginBytesMax = 64 * 1024
/** Requests of a target that are answered before it lets us in. */
const roundsMax = 10

/** @throws GatewayError if the target refuses us */
export async function readFromTarget(exchange: Exchange): Promise<Buffer> {
  const payload = await exchange.read(loginBytesMax)
  if (payload[0] !== answer.err) return payload
  throw loginFailed(whyNotWelcome(decodeError(payload).code))
}

/** In words of ours: those of the target name accounts and addresses of the inside. */
function whyNotWelcome(code: number): string {
  switch (code) {
    case 1044:
      return 'the account may not use the database.'
    case 1045:
    case 1698:
      return 'account or password is wrong, or the account may not log in from here or without TLS.'
    case 1049:
      return 'the database does not exist.'
    case 1040:
    case 1203:
    case 1226:
      return 'it has no free connections at the moment.'
    case 1129:
      return 'it has blocked the address of Sekisho after too many errors (FLUSH HOSTS at the target).'
    case 1130:
      return 'it does not let the address of Sekisho in.'
    case 1820:
    case 1862:
      return 'the password of the account has expired.'
    case 3118:
    case 4151:
      return 'the account is locked.'
    case 1053:
    case 3169:
      return 'it is shutting down.'
    case 1524:
      return 'the account logs in by a method that the target has not loaded.'
    default:
      return `it answered with error ${code}.`
  }
}

const nativePlugin = 'mysql_native_password'

/** What answers the request for a proof. */
type Method = (prover: ProverFacts, nonce: Buffer) => Buffer

interface ProverFacts {
  readonly password: Secret
  readonly account: Account
  readonly isEncrypted: boolean
}

const asText = ({ password }: ProverFacts): Buffer => Buffer.from(`${password.reveal()}\0`)

/** Asks for the public key of the target. */
const keyRequest = { caching_sha2_password: Buffer.of(0x02), sha256_password: Buffer.of(0x01) } as const

const methods: ReadonlyMap<string, Method> = new Map<string, Method>([
  [nativePlugin, ({ password }, nonce) => nativeProof(password.reveal(), nonce.subarray(0, nonceBytes))],
  [
    'caching_sha2_password',
    ({ password }, nonce) => sha2Proof(password.reveal(), nonce.subarray(0, nonceBytes)),
  ],
  ['sha256_password', proveSha256],
  ['client_ed25519', proveEd25519],
  ['mysql_clear_password', proveInClear],
])

/** Over TLS as it is, otherwise encrypted with the key that is asked for. */
function proveSha256(facts: ProverFacts): Buffer {
  if (facts.isEncrypted || facts.password.reveal() === '') return asText(facts)
  allowKeyOf(facts.account)
  return keyRequest.sha256_password
}

/**
 * Whoever stands in between could name a key of their own, so that without TLS a password under the target's key is as good
 * as in clear: it takes the decision to do without.
 */
function allowKeyOf({ tls }: Account): void {
  if (tls === 'disable') return
  throw loginFailed(
    'it does not offer TLS and asks for the password under a key that nobody vouches for. Turn TLS on at the target, or choose the TLS mode "disable".',
  )
}

function proveEd25519({ password }: ProverFacts, nonce: Buffer): Buffer {
  if (nonce.length !== 32) throw loginFailed('it asks for a signature of something that is no nonce.')
  return ed25519Sign(Buffer.from(password.reveal()), nonce)
}

/** Whoever stands in between could ask for it: only a target that is certainly the right one gets it. */
function proveInClear(facts: ProverFacts): Buffer {
  if (facts.isEncrypted && facts.account.tls === 'verify-full') return asText(facts)
  throw loginFailed('it asks for the password in clear. That is only done with the TLS mode "verify-full".')
}

/** The method to begin with: the one that the greeting names, if we know it. */
export const methodFor = (plugin: string): string => (methods.has(plugin) ? plugin : nativePlugin)

/** Proves that we know the password, by the methods that the target asks for. */
export class Prover {
  readonly #exchange: Exchange
  readonly #account: Account
  readonly #password: Secret
  #method = ''
  #nonce: Buffer = Buffer.alloc(0)
  #switched = false
  #askedForKey = false

  constructor(exchange: Exchange, account: Account, password: Secret) {
    this.#exchange = exchange
    this.#account = account
    this.#password = password
  }

  prove(method: string, nonce: Buffer): Buffer {
    this.#method = method
    this.#nonce = nonce
    const answerTo = methods.get(method)
    if (!answerTo) throw loginFailed(`it asks for a kind of login that is not supported (${nameOf(method)}).`)
    const proof = answerTo(this.#facts, nonce)
    this.#askedForKey = method === 'sha256_password' && proof === keyRequest.sha256_password
    return proof
  }

  get #facts(): ProverFacts {
    const isEncrypted = this.#exchange.stream instanceof TLSSocket
    return { password: this.#password, account: this.#account, isEncrypted }
  }

  /** Answers until the target lets us in. */
  async finish(capabilities: Capabilities): Promise<Ok> {
    for (let rounds = 0; rounds < roundsMax; rounds++) {
      const payload = await readFromTarget(this.#exchange)
      if (payload[0] === answer.ok) return decodeOk(payload, capabilities)
      if (payload[0] === answer.eof) this.#switch(payload)
      else if (payload[0] === answer.authMoreData) this.#more(payload.subarray(1))
      else throw loginFailed('it asks for something that no login needs.')
    }
    throw loginFailed('it asks for too much.')
  }

  #switch(payload: Buffer): void {
    if (this.#switched) throw loginFailed('it asks for one kind of login after the other.')
    this.#switched = true
    const { plugin, data } = decodeAuthSwitch(payload)
    this.#exchange.write(this.prove(plugin, data))
  }

  #more(data: Buffer): void {
    if (this.#askedForKey) {
      this.#askedForKey = false
      const nonce = this.#nonce.subarray(0, nonceBytes)
      if (nonce.length < nonceBytes) throw loginFailed('its nonce is too short.')
      this.#exchange.write(encryptPassword(this.#password.reveal(), nonce, data))
    } else if (this.#method === 'caching_sha2_password' && data.length === 1) this.#sha2(Number(data[0]))
    else throw loginFailed('it asks for something that no login needs.')
  }

  #sha2(wish: number): void {
    // It knew the account: its OK follows.
    if (wish === 3) return
    if (wish !== 4) throw loginFailed('it asks for something that no login needs.')
    if (this.#facts.isEncrypted) this.#exchange.write(asText(this.#facts))
    else {
      allowKeyOf(this.#account)
      this.#askedForKey = true
      this.#exchange.write(keyRequest.caching_sha2_password)
    }
  }
}

/** What a target calls its method, as far as it can be shown. */
const nameOf = (plugin: string): string => (/^[a-z0-9_]{1,40}$/i.test(plugin) ? plugin : 'unknown')
