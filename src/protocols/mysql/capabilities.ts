// What client and server can do: the flags of the handshake, and what the gateway lets the two sides agree on.
// https://dev.mysql.com/doc/dev/mysql-server/latest/group__group__cs__capabilities__flags.html
// https://mariadb.com/kb/en/connection/#capabilities

/** 32 bits of MySQL; above them those of MariaDB, which stand at another place of the handshake. */
export type Capabilities = bigint

/** Called as in the documents, without `CLIENT_`. */
export const capability = {
  /** Long passwords, which all have; a MariaDB server leaves it out to say that it is one, and its clients likewise. */
  mysql: 1n << 0n,
  foundRows: 1n << 1n,
  longFlag: 1n << 2n,
  connectWithDb: 1n << 3n,
  noSchema: 1n << 4n,
  compress: 1n << 5n,
  odbc: 1n << 6n,
  localFiles: 1n << 7n,
  ignoreSpace: 1n << 8n,
  protocol41: 1n << 9n,
  interactive: 1n << 10n,
  ssl: 1n << 11n,
  ignoreSigpipe: 1n << 12n,
  transactions: 1n << 13n,
  reserved: 1n << 14n,
  secureConnection: 1n << 15n,
  multiStatements: 1n << 16n,
  multiResults: 1n << 17n,
  psMultiResults: 1n << 18n,
  pluginAuth: 1n << 19n,
  connectAttributes: 1n << 20n,
  pluginAuthLenenc: 1n << 21n,
  canHandleExpiredPasswords: 1n << 22n,
  sessionTrack: 1n << 23n,
  deprecateEof: 1n << 24n,
  optionalResultsetMetadata: 1n << 25n,
  zstdCompression: 1n << 26n,
  queryAttributes: 1n << 27n,
  multiFactor: 1n << 28n,
  /** Of MySQL; the same bit is the old way of MariaDB to ask for reports of progress. */
  capabilityExtension: 1n << 29n,
  sslVerifyServerCert: 1n << 30n,
  rememberOptions: 1n << 31n,
  mariadbProgress: 1n << 32n,
  mariadbComMulti: 1n << 33n,
  mariadbBulkOperations: 1n << 34n,
  mariadbExtendedMetadata: 1n << 35n,
  mariadbCacheMetadata: 1n << 36n,
  mariadbBulkUnitResults: 1n << 37n,
} as const satisfies Readonly<Record<string, bigint>>

export type CapabilityName = keyof typeof capability

const union = (...names: readonly CapabilityName[]): Capabilities =>
  names.reduce((all, name) => all | capability[name], 0n)

export const has = (capabilities: Capabilities, name: CapabilityName): boolean =>
  (capabilities & capability[name]) !== 0n

/**
 * What decides how commands and results look on the wire. Results pass through as they are: the client and the target must
 * agree on each of these.
 */
export const agreed: Capabilities = union(
  'foundRows',
  'longFlag',
  'localFiles',
  'ignoreSpace',
  'odbc',
  'interactive',
  'transactions',
  'multiStatements',
  'multiResults',
  'psMultiResults',
  'sessionTrack',
  'deprecateEof',
  'queryAttributes',
  'mariadbProgress',
  'mariadbBulkOperations',
  'mariadbExtendedMetadata',
  'mariadbBulkUnitResults',
)

/** What belongs to one side's handshake and needs no agreement; the gateway speaks all of it to clients. */
export const handshakeOnly: Capabilities = union(
  'mysql',
  'connectWithDb',
  'protocol41',
  'ssl',
  'secureConnection',
  'pluginAuth',
  'connectAttributes',
  'pluginAuthLenenc',
)

/** What without which the gateway does not speak with anybody: everything since MySQL 4.1 (2004). */
export const indispensable: Capabilities = union('protocol41', 'secureConnection')

/**
 * What the gateway offers to clients in front of a target that can do this: nothing that the target has not, no compression,
 * no bypassing of database names, no logins in several steps, no expired passwords.
 */
export function offered(target: Capabilities): Capabilities {
  const isMariadb = !has(target, 'mysql')
  const mysqlBit = isMariadb ? 0n : capability.mysql
  return (target & agreed) | (handshakeOnly & ~capability.mysql) | mysqlBit
}

/** What was agreed with a client and decides how results look, but the target does not have after all. */
export const missing = (target: Capabilities, client: Capabilities): Capabilities => client & agreed & ~target

/** What the gateway asks of the target for a client that it agreed this with. */
export function asked(target: Capabilities, client: Capabilities, withDatabase: boolean): Capabilities {
  const own = union('pluginAuth', 'pluginAuthLenenc', 'connectAttributes')
  // The bit says "not from MariaDB", to which the extended ones belong.
  const mysqlBit = target & capability.mysql
  const database = withDatabase ? capability.connectWithDb : 0n
  return (((client & agreed) | own) & target) | indispensable | mysqlBit | (database & target)
}
