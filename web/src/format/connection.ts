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

/** Address for PostgreSQL's JDBC driver. */
export function jdbcUrl(facts: ConnectionFacts): string {
  const host = facts.host.includes(':') ? `[${facts.host}]` : facts.host
  const query = new URLSearchParams({ user: facts.user, sslmode: 'require' })
  return `jdbc:postgresql://${host}:${facts.port}/${encodeURIComponent(facts.database)}?${query}`
}
