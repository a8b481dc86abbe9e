// How a client is greeted and proves who it is. In order: `openClient`, `logInClient`; the OK that ends the login is the
// caller's, once the target has let us in: `exchange.write(encodeOk(…))`, or an ERR at any time before.

import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { type SecureContext, TLSSocket } from 'node:tls'
import { promisify } from 'node:util'
import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Target } from '../../core/target.ts'
import type { User } from '../../core/user.ts'
import type { ClientEntry, FindVerifiers } from '../protocol.ts'
import { type CheckProof, isNativeProof, isSha2Proof } from './auth-proofs.ts'
import { decryptPassword, ownPublicKey } from './auth-rsa.ts'
import type { Capabilities } from './capabilities.ts'
import { capability, has, indispensable, offered } from './capabilities.ts'
import type { Exchange } from './exchange.ts'
import {
  decodeClientAnswer,
  encodeAuthMoreData,
  encodeAuthSwitch,
  encodeGreeting,
  type HandshakeResponse,
  nonceBytes,
} from './handshake.ts'

/** What of a target's greeting ours imitates. */
export interface TargetFace {
  /** As the target writes it. */
  readonly version: string
  readonly capabilities: Capabilities
  readonly characterSet: number
  readonly status: number
}

/** What a client said before it proved anything. */
export interface OpenedClient {
  readonly userName: string
  /** What both sides may count on. */
  readonly capabilities: Capabilities
  /** Asked for; empty if none. */
  readonly database: string
  /** Its own name for itself; empty if it has none. */
  readonly program: string
  readonly attributes: ReadonlyMap<string, string>
  /** Number of the character set and collation that it wants. */
  readonly characterSet: number
  readonly maxPacketBytes: number
  readonly plugin: string
  readonly proof: Buffer
  /** What the proof was made with. */
  readonly nonce: Buffer
  /** The method that the greeting named. */
  readonly greetedWith: string
}

/** Somebody who proved to hold one of the user's connection tokens. */
export interface LoggedIn {
  readonly user: User
  /** Label of the token; `console` for who came from there. */
  readonly credential: string
}

const native = 'mysql_native_password'
const sha2 = 'caching_sha2_password'
const clear = 'mysql_clear_password'

/** What the clients of such a server know best. */
const defaultPlugin = (face: TargetFace): string =>
  has(face.capabilities, 'mysql') && Number.parseInt(face.version, 10) >= 8 ? sha2 : native

/** Printable, as clients expect it: a zero byte would end it. */
const newNonce = (): Buffer => randomBytes(nonceBytes).map(byte => 0x21 + (byte % 94)) as Buffer

/**
 * Greets a client and carries it to its answer, through TLS if it wants that.
 * @param exchange      over the client's stream; over the one inside of TLS afterwards
 * @param connectionId  what the client will call this connection
 * @param onStream      called with the stream that takes the place of the one before
 * @throws GatewayError, StreamEnded
 */
export async function openClient(
  exchange: Exchange,
  entry: ClientEntry,
  face: TargetFace,
  connectionId: number,
  limits: Limits,
  clientTls: () => SecureContext,
  onStream: (stream: Duplex) => void,
): Promise<OpenedClient> {
  const nonce = newNonce()
  const canTls = entry.kind === 'network' && exchange.stream instanceof Socket
  const capabilities = offered(face.capabilities) & ~(canTls ? 0n : capability.ssl)
  const plugin = entry.kind === 'network' ? defaultPlugin(face) : native
  const { version, characterSet, status } = face
  exchange.write(encodeGreeting({ version, connectionId, nonce, capabilities, characterSet, status, plugin }))
  let answer = decodeClientAnswer(await exchange.read(limits.startupBytesMax))
  if (answer.kind === 'tls') {
    if (!canTls) throw new GatewayError('protocol.violation', 'TLS was not offered.')
    exchange.moveTo(secure(exchange.stream, clientTls()))
    onStream(exchange.stream)
    answer = decodeClientAnswer(await exchange.read(limits.startupBytesMax))
  }
  if (answer.kind === 'tls') throw new GatewayError('protocol.violation', 'TLS inside of TLS.')
  return { ...openedFrom(answer.response, capabilities), nonce, greetedWith: plugin }
}

/** The first bytes of TLS may have come with the request for it: they are read as TLS, never as anything else. */
const secure = (stream: Duplex, secureContext: SecureContext): TLSSocket =>
  new TLSSocket(stream as Socket, { isServer: true, secureContext })

function openedFrom(
  response: HandshakeResponse,
  ours: Capabilities,
): Omit<OpenedClient, 'nonce' | 'greetedWith'> {
  const { user, attributes, proof, database, characterSet, maxPacketBytes } = response
  const capabilities = response.capabilities & ours
  if ((capabilities & indispensable) !== indispensable)
    throw new GatewayError('protocol.violation', 'clients from before MySQL 4.1 are not supported.')
  if ((response.capabilities & (capability.compress | capability.zstdCompression)) !== 0n)
    throw new GatewayError('protocol.violation', 'compression was not offered.')
  const program = attributes.get('program_name') ?? attributes.get('_client_name') ?? ''
  const plugin = has(capabilities, 'pluginAuth') && response.plugin !== '' ? response.plugin : native
  const facts = { userName: user, capabilities, database, program, attributes }
  return { ...facts, characterSet, maxPacketBytes, plugin, proof }
}

/** A proof, and what it was made with. */
interface Shown {
  readonly plugin: string
  readonly proof: Buffer
  readonly nonce: Buffer
}

type Candidates = Awaited<ReturnType<FindVerifiers>>

/**
 * Checks that the client holds a connection token of the user. Takes the same way, and ends with the same error, whether
 * the user is unknown, the token is wrong, or the token is not good for this target.
 * @throws GatewayError `token.invalid | protocol.violation`, StreamEnded
 */
export async function logInClient(
  exchange: Exchange,
  opened: OpenedClient,
  entry: ClientEntry,
  target: Target,
  limits: Limits,
  findVerifiers: FindVerifiers,
): Promise<LoggedIn> {
  if (entry.kind === 'console') return { user: entry.user, credential: 'console' }
  if (entry.kind === 'tunnel') return { user: entry.user, credential: entry.credential }
  const candidates = await findVerifiers(opened.userName, target)
  const shown = await agreeOnPlugin(exchange, opened, limits)
  const found = await check(exchange, shown, candidates, limits)
  if (!found || !candidates.user) throw new GatewayError('token.invalid')
  found.used()
  return { user: candidates.user, credential: found.label }
}

/** Asks for a proof by the method that the client knows, if the one it showed is of another kind. */
async function agreeOnPlugin(exchange: Exchange, opened: OpenedClient, limits: Limits): Promise<Shown> {
  const { plugin, proof, nonce, greetedWith } = opened
  // Who knows of no methods uses the oldest one, whatever was named.
  if (!has(opened.capabilities, 'pluginAuth')) return { plugin, proof, nonce }
  if (plugin === greetedWith && proof.length > 0) return { plugin, proof, nonce }
  const isSafe = exchange.stream instanceof TLSSocket
  const known = plugin === native || plugin === sha2 || (plugin === clear && isSafe)
  const other = known ? plugin : greetedWith
  const fresh = newNonce()
  exchange.write(encodeAuthSwitch({ plugin: other, data: other === clear ? Buffer.alloc(0) : fresh }))
  return { plugin: other, proof: await exchange.read(limits.startupBytesMax), nonce: fresh }
}

type Verifier = Candidates['verifiers'][number]

async function check(
  exchange: Exchange,
  { plugin, proof, nonce }: Shown,
  candidates: Candidates,
  limits: Limits,
): Promise<Verifier | undefined> {
  if (plugin === native) return tryAll(candidates, 'mysqlNative', isNativeProof, proof, nonce)
  if (plugin === clear) return checkToken(textOf(proof), candidates)
  const found = tryAll(candidates, 'mysqlSha2', isSha2Proof, proof, nonce)
  if (found) {
    exchange.write(encodeAuthMoreData(fastDone))
    return found
  }
  // It is empty for an empty password: clients wait for the end then, not for a question.
  if (proof.length !== sha2ProofBytes) return undefined
  // As a server does that has not seen this account since it started; tokens from before MySQL was spoken pass here.
  const token = await askToken(exchange, nonce, limits)
  return await checkToken(token, candidates)
}

const sha2ProofBytes = 32
const fastDone = Uint8Array.of(0x03)
const fullNeeded = Uint8Array.of(0x04)
const wantsPublicKey = 0x02

/** Always tries each, so that the time tells neither which one it was nor how near one came. */
function tryAll(
  { verifiers }: Candidates,
  key: 'mysqlNative' | 'mysqlSha2',
  isProof: CheckProof,
  proof: Buffer,
  nonce: Buffer,
): Verifier | undefined {
  let found: Verifier | undefined
  for (const verifier of verifiers) {
    const stored = verifier[key]
    if (stored && isProof(proof, nonce, stored)) found = verifier
  }
  // As much work for an unknown user as for a known one with one token.
  if (verifiers.length === 0) isProof(proof, nonce, proof)
  return found
}

/** Asks for the token itself: inside of TLS as it is, otherwise encrypted with our public key. */
async function askToken(exchange: Exchange, nonce: Buffer, limits: Limits): Promise<string | undefined> {
  exchange.write(encodeAuthMoreData(fullNeeded))
  const answer = await exchange.read(limits.startupBytesMax)
  if (exchange.stream instanceof TLSSocket) return textOf(answer)
  if (answer.length !== 1 || answer[0] !== wantsPublicKey) {
    // Without TLS nothing may be sent in clear, nor is it looked at.
    throw new GatewayError('protocol.violation', 'the token may only be sent encrypted.')
  }
  exchange.write(encodeAuthMoreData(Buffer.from(await ownPublicKey())))
  return await decryptPassword(await exchange.read(limits.startupBytesMax), nonce)
}

/** A zero byte ends it. */
const textOf = (bytes: Buffer): string | undefined =>
  bytes.at(-1) === 0 ? bytes.toString('utf8', 0, bytes.length - 1) : undefined

const stretch = promisify(pbkdf2)

/** Checks the token itself by what is kept for SCRAM (RFC 5802), which every token has. */
async function checkToken(token: string | undefined, candidates: Candidates): Promise<Verifier | undefined> {
  const { salt, iterations, verifiers } = candidates
  const salted = await stretch(token ?? '', salt, iterations, 32, 'sha256')
  const clientKey = createHmac('sha256', salted).update('Client Key').digest()
  const storedKey = createHash('sha256').update(clientKey).digest()
  let found: Verifier | undefined
  for (const verifier of verifiers) {
    const isIt = verifier.storedKey.length === 32 && timingSafeEqual(storedKey, verifier.storedKey)
    if (isIt && token !== undefined) found = verifier
  }
  return found
}
