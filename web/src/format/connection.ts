// What native clients need to connect through the gateway, written the way each of them wants it.

export interface ConnectionFacts {
  readonly host: string
  readonly port: number
  readonly database: string
  readonly user: string
}

/** A value of a libpq connection string: quoted if it holds anything but plain letters. */
function conninfoValue(value: string): string {
  return /^[\w.@+:-]+$/.test(value) ? value : `'${value.replace(/['\\]/g, '\\$&')}'`
}

/** In single quotes for a POSIX shell. */
function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`
}

/** A word that the shell reads as it is, quoted if need be. */
function plainWord(text: string): string {
  return /^[\w.@%+=:,/-]+$/.test(text) ? text : shellWord(text)
}

function authority({ host, port }: ConnectionFacts): string {
  return `${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** One `psql` command line; with a token it needs no further question. */
export function psqlCommand(facts: ConnectionFacts, token?: string): string {
  const conninfo = [
    `host=${conninfoValue(facts.host)}`,
    `port=${facts.port}`,
    `dbname=${conninfoValue(facts.database)}`,
    `user=${conninfoValue(facts.user)}`,
    'sslmode=require',
  ].join(' ')
  const quoted = /[$`"\\']/.test(conninfo) ? shellWord(conninfo) : `"${conninfo}"`
  return token === undefined ? `psql ${quoted}` : `PGPASSWORD=${shellWord(token)} psql ${quoted}`
}

/** One `mariadb` command line; without a token it asks for one. */
export function mariadbCommand(facts: ConnectionFacts, token?: string): string {
  const options = [
    `--host=${plainWord(facts.host)}`,
    `--port=${facts.port}`,
    `--user=${plainWord(facts.user)}`,
    '--ssl',
    ...(token === undefined ? ['--password'] : []),
    plainWord(facts.database),
  ].join(' ')
  return token === undefined ? `mariadb ${options}` : `MYSQL_PWD=${shellWord(token)} mariadb ${options}`
}

/** As many programs and libraries take it. */
export function mysqlDsn(facts: ConnectionFacts): string {
  const user = encodeURIComponent(facts.user)
  return `mysql://${user}@${authority(facts)}/${encodeURIComponent(facts.database)}?ssl-mode=REQUIRED`
}

/** Address for MariaDB's JDBC driver. */
export function mariadbJdbcUrl(facts: ConnectionFacts): string {
  const query = new URLSearchParams({ user: facts.user, sslMode: 'trust' })
  return `jdbc:mariadb://${authority(facts)}/${encodeURIComponent(facts.database)}?${query}`
}

/** Address for PostgreSQL's JDBC driver. */
export function jdbcUrl(facts: ConnectionFacts): string {
  const query = new URLSearchParams({ user: facts.user, sslmode: 'require' })
  return `jdbc:postgresql://${authority(facts)}/${encodeURIComponent(facts.database)}?${query}`
}
