// Asks a MySQL or MariaDB about its own catalog. The only input and output of this source.

import { type Duplex } from 'node:stream'
import { Socket } from 'node:net'
import { type AuthPlugin, authPlugins, type Connection, createConnection, type QueryError } from 'mysql2'
import { GatewayError } from '../../core/errors.ts'
import type { SourceContext, SourceFacts } from '../source.ts'
import type { FactsRow, KnownRow, PartitionRow, SchemaRows } from './catalog-rows.ts'
import { ed25519Sign } from '../../wire/auth-ed25519.ts'
import { containedIn, containThrows } from '../../wire/contain-throws.ts'
import { askedInClear, deniedErrno, unavailable } from './problems.ts'
import { factsQuestion, knownQuestion, partitionsQuestion, questions, settings } from './questions.ts'

/** @throws GatewayError `target.schema-unavailable` */
export async function askMysql(facts: SourceFacts, context: SourceContext): Promise<SchemaRows> {
  const { schemaTimeoutMs } = context.limits
  const streams = new Set<Duplex>()
  const late = new GatewayError(
    'target.schema-unavailable',
    `it did not answer within ${schemaTimeoutMs / 1000} seconds`,
  )
  // One limit for everything: looking the name up, connecting, TLS, login, every answer.
  const { promise: timeout, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(late), schemaTimeoutMs)
  try {
    return await Promise.race([ask(facts, streams, schemaTimeoutMs), timeout])
  } catch (error) {
    throw error instanceof GatewayError ? error : unavailable(error)
  } finally {
    clearTimeout(timer)
    for (const stream of streams) stream.destroy()
  }
}

async function ask(facts: SourceFacts, streams: Set<Duplex>, timeoutMs: number): Promise<SchemaRows> {
  const connection = await connect(facts, streams)
  for (const setting of settings(timeoutMs / 1000)) await askOne(connection, setting)
  const [known] = (await askOne(connection, factsQuestion)) as readonly FactsRow[]
  if (known === undefined) throw new GatewayError('target.schema-unavailable', 'it gave an empty answer')
  const rows: { -readonly [Key in keyof SchemaRows]: SchemaRows[Key] } = { ...noRows, facts: known }
  for (const question of questions((await askOne(connection, knownQuestion)) as readonly KnownRow[])) {
    // The server looks into its files for each: nothing that it tells belongs to one moment with the rest.
    const answer = await askOne(connection, question.sql).catch((error: unknown) => {
      if (question.mayBeDenied === true && (error as QueryError).errno === deniedErrno) return []
      throw error
    })
    Object.assign(rows, { [question.of]: answer })
  }
  rows.partitions = await askPartitions(connection, rows)
  connection.end()
  return rows
}

async function askPartitions(connection: Connection, rows: SchemaRows): Promise<readonly PartitionRow[]> {
  const partitioned = rows.relations.filter(row => row.options?.includes('partitioned'))
  const answers: PartitionRow[] = []
  for (const schema of new Set(partitioned.map(row => row.schema)))
    answers.push(...((await askOne(connection, partitionsQuestion, [schema])) as readonly PartitionRow[]))
  return answers
}

function askOne(
  connection: Connection,
  sql: string,
  values: readonly string[] = [],
): Promise<readonly unknown[]> {
  return new Promise((resolve, reject) => {
    connection.query(sql, [...values], (error, rows) =>
      error === null ? resolve(rows as readonly unknown[]) : reject(error),
    )
  })
}

/** Connects as the TLS mode asks; `prefer` takes a plain connection from a server without TLS. */
async function connect(facts: SourceFacts, streams: Set<Duplex>): Promise<Connection> {
  if (facts.tls === 'disable') return open(facts, streams, false)
  try {
    return await open(facts, streams, true)
  } catch (error) {
    if ((error as QueryError).code !== 'HANDSHAKE_NO_SSL_SUPPORT') throw error
    if (facts.tls === 'prefer') return open(facts, streams, false)
    throw new GatewayError('target.schema-unavailable', 'it does not offer TLS, which this target asks for', {
      cause: error,
    })
  }
}

async function open(facts: SourceFacts, streams: Set<Duplex>, tls: boolean): Promise<Connection> {
  const way = await facts.dial?.()
  const socket = containThrows(way ?? new Socket())
  streams.add(socket)
  // The driver checks the certificate of an address against what the socket says that it is connected to.
  Object.assign(socket, { _host: facts.host })
  const verify = facts.tls === 'verify-full'
  const connection = createConnection({
    stream: socket,
    host: facts.host,
    user: facts.account,
    password: facts.password.reveal(),
    database: facts.database,
    // What `utf8mb4` would give a server that does not know it would be its default; this every server knows.
    charset: 'utf8mb4_general_ci',
    flags: ['-LOCAL_FILES', '-ODBC', '-IGNORE_SPACE', '-FOUND_ROWS'],
    connectAttributes: { program_name: 'sekisho' },
    connectTimeout: 0,
    multipleStatements: false,
    supportBigNumbers: true,
    // No values are in what we ask; the driver would make code of the shape of the rows.
    disableEval: true,
    authPlugins: passwordPlugins(facts, tls),
    ...(tls && {
      ssl: {
        rejectUnauthorized: verify,
        verifyIdentity: verify,
        ...(verify && facts.tlsCa !== undefined && { ca: facts.tlsCa }),
      },
    }),
  })
  // The driver throws at bytes that it does not understand; over TLS they do not come by the stream that it was given.
  const driver = connection as unknown as { handlePacket(packet: unknown): void }
  driver.handlePacket = containedIn(socket, driver.handlePacket.bind(driver))
  if (socket instanceof Socket && way === undefined) socket.setNoDelay(true).connect(facts.port, facts.host)
  return await new Promise((resolve, reject) => {
    connection.on('error', reject)
    connection.once('connect', () => {
      // An error outside of a question ends the connection; whoever waits for an answer is told.
      connection.off('error', reject).on('error', () => {})
      resolve(connection)
    })
  })
}

/**
 * The driver would answer anybody in between. A password in clear needs a server that is certainly the right one; one that is sealed with a key which the
 * server names itself is as good as in clear, unless it was decided to do without TLS.
 */
function passwordPlugins(facts: SourceFacts, tls: boolean): Record<string, AuthPlugin> {
  const onServerPublicKey = (): void => {
    if (facts.tls !== 'disable') throw inClear()
  }
  const refused: AuthPlugin = () => () => {
    throw inClear()
  }
  return {
    // MariaDB's own, which the driver does not know.
    client_ed25519: rejecting(
      () => nonce => ed25519Sign(Buffer.from(facts.password.reveal()), nonce.subarray(0, 32)),
    ),
    mysql_clear_password: tls && facts.tls === 'verify-full' ? authPlugins.mysql_clear_password() : refused,
    ...(!tls && {
      caching_sha2_password: rejecting(authPlugins.caching_sha2_password({ onServerPublicKey })),
      sha256_password: rejecting(authPlugins.sha256_password({ onServerPublicKey })),
    }),
  }
}

/** What a plugin throws while it reads an answer must come as a rejection. */
function rejecting(plugin: AuthPlugin): AuthPlugin {
  return metadata => {
    const answer = plugin(metadata)
    return (async (data: Buffer) => answer(data)) as ReturnType<AuthPlugin>
  }
}

const inClear = (): Error => new Error(askedInClear)

const noRows: Omit<SchemaRows, 'facts'> = {
  variables: [],
  schemas: [],
  relations: [],
  columns: [],
  views: [],
  keys: [],
  foreignKeys: [],
  foreignKeyRules: [],
  checks: [],
  triggers: [],
  partitions: [],
  routines: [],
  arguments: [],
  rights: [],
  roles: [],
  tableIds: [],
}
