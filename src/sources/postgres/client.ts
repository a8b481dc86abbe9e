// Asks a PostgreSQL about its own catalog. The only input and output of this source.

import type { EventEmitter } from 'node:events'
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import { checkServerIdentity } from 'node:tls'
import pg from 'pg'
import { GatewayError } from '../../core/errors.ts'
import type { SourceContext, SourceFacts } from '../source.ts'
import { factsQuestion, oldestVersionNumber, questions, settings } from './questions.ts'
import { type FactsRow, type SchemaRows } from './catalog-rows.ts'
import { containThrows } from '../../wire/contain-throws.ts'
import { asUnconnected } from '../../wire/as-unconnected.ts'

/** @throws GatewayError `target.schema-unavailable` */
export async function askPostgres(facts: SourceFacts, context: SourceContext): Promise<SchemaRows> {
  const { schemaTimeoutMs } = context.limits
  const sockets = new Set<Duplex>()
  const late = new GatewayError(
    'target.schema-unavailable',
    `it did not answer within ${schemaTimeoutMs / 1000} seconds`,
  )
  // One limit for everything: looking the name up, connecting, TLS, login, every answer.
  const { promise: timeout, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(late), schemaTimeoutMs)
  try {
    return await Promise.race([ask(facts, sockets), timeout])
  } catch (error) {
    throw error instanceof GatewayError ? error : unavailable(error)
  } finally {
    clearTimeout(timer)
    for (const socket of sockets) socket.destroy()
  }
}

async function ask(facts: SourceFacts, sockets: Set<Duplex>): Promise<SchemaRows> {
  const client = await connect(facts, sockets)
  const known = await askFacts(client)
  const asked = questions(known.versionNumber)
  // One message, one round trip: the server answers the statements in order.
  const answers = await askAll(client, [...asked.map(question => question.sql), 'COMMIT'].join(';\n'))
  const rows: Record<string, unknown> = { facts: known }
  for (const [index, { of }] of asked.entries()) rows[of] = answers[index]?.rows
  await client.end()
  return rows as unknown as SchemaRows
}

/**
 * Opens the transaction, so that all answers are of one moment, and settles how they are written. The settings need a
 * message of their own: the server reads a whole message by the rules that held when it came.
 */
async function askFacts(client: pg.Client): Promise<FactsRow> {
  const begin = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'
  const answers = await askAll(client, [begin, factsQuestion, settings].join(';\n'))
  const row = answers[1]?.rows[0] as FactsRow | undefined
  if (row === undefined) throw new GatewayError('target.schema-unavailable', 'it gave an empty answer')
  if (row.versionNumber < oldestVersionNumber)
    throw new GatewayError('target.schema-unavailable', `PostgreSQL ${row.version} is too old, 12 is needed`)
  return row
}

/** Several statements in one message give several results, which the driver's types do not say. */
async function askAll(client: pg.Client, sql: string): Promise<readonly pg.QueryResult[]> {
  return (await client.query(sql)) as unknown as readonly pg.QueryResult[]
}

/** Connects as the TLS mode asks; `prefer` takes a plain connection from a server without TLS. */
async function connect(facts: SourceFacts, sockets: Set<Duplex>): Promise<pg.Client> {
  const tls: pg.ConnectionConfig['ssl'] =
    facts.tls === 'verify-full'
      ? {
          ...(facts.tlsCa === undefined ? {} : { ca: facts.tlsCa }),
          // The driver names the host for names only; an address must be in the certificate as well.
          checkServerIdentity: (_, certificate) => checkServerIdentity(facts.host, certificate),
        }
      : { rejectUnauthorized: false }
  if (facts.tls === 'disable') return open(facts, sockets, false)
  try {
    return await open(facts, sockets, tls)
  } catch (error) {
    const plainOnly =
      error instanceof Error && error.message === 'The server does not support SSL connections'
    if (!plainOnly) throw error
    if (facts.tls === 'prefer') return open(facts, sockets, false)
    throw new GatewayError('target.schema-unavailable', 'it does not offer TLS, which this target asks for', {
      cause: error,
    })
  }
}

/** What the driver's types do not show: it listens here, and throws at bytes that it does not understand. */
interface DriverConnection extends EventEmitter {
  attachListeners(stream: Duplex): void
}

async function open(
  facts: SourceFacts,
  sockets: Set<Duplex>,
  ssl: pg.ConnectionConfig['ssl'] & {},
): Promise<pg.Client> {
  const way = await facts.dial?.()
  const socket = way === undefined ? new Socket() : asUnconnected(way)
  sockets.add(socket)
  const client = new pg.Client({
    host: facts.host,
    port: facts.port,
    database: facts.database,
    user: facts.account,
    password: facts.password.reveal(),
    application_name: 'sekisho',
    ssl,
    stream: () => socket,
  })
  // The driver would answer anybody in between; a password in clear needs TLS, or the decision to do without.
  let askedInClear = false
  const { connection } = client as unknown as { readonly connection: DriverConnection }
  // Also the stream that the driver makes for TLS.
  const attach = connection.attachListeners.bind(connection)
  connection.attachListeners = stream => attach(containThrows(stream))
  connection.prependListener('authenticationCleartextPassword', () => {
    askedInClear = ssl === false && facts.tls !== 'disable'
    if (askedInClear) socket.destroy()
  })
  // An error outside of a question ends the connection; whoever waits for an answer is told.
  client.on('error', () => {})
  await client.connect().catch((cause: unknown) => {
    if (!askedInClear) throw cause
    const detail = 'it asks for the password in clear over a connection without TLS'
    throw new GatewayError('target.schema-unavailable', detail, { cause })
  })
  return client
}

/** Words for the user; the error itself, which may carry more, goes to the log as the cause. */
function unavailable(cause: unknown): GatewayError {
  const { code = '' } = cause as { readonly code?: string }
  return new GatewayError(
    'target.schema-unavailable',
    reasons[code] ?? `it failed with ${code || 'no code'}`,
    {
      cause,
    },
  )
}

const reasons: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'nothing listens at its address',
  ECONNRESET: 'it closed the connection',
  EHOSTUNREACH: 'its address cannot be reached',
  ENETUNREACH: 'its address cannot be reached',
  ENOTFOUND: 'its host name is not known',
  EAI_AGAIN: 'its host name cannot be looked up at the moment',
  ETIMEDOUT: 'its address does not answer',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is not one that the given authority made',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is not one that the given authority made',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is not one that the given authority made',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is not one that the given authority made',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  '28P01': 'it does not accept the password of the account',
  '28000': 'it does not let the account in',
  '3D000': 'there is no such database',
  '42501': 'the account may not connect to the database',
  '53300': 'it has no connection left',
  '57P03': 'it is starting or stopping',
}
