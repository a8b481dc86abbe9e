// How database clients are told where a target is on this computer. Names come from the server: none may be an option.

import type { Target } from './link.ts'
import type { Environment } from './profile.ts'

interface Place {
  readonly target: Pick<Target, 'protocol' | 'database'>
  readonly port: number
}

/** What would lead psql elsewhere, or ask of the port what it does not have. */
const misleading = [
  'PGSERVICE',
  'PGSERVICEFILE',
  'PGHOSTADDR',
  'PGREQUIRESSL',
  'PGSSLNEGOTIATION',
  'PGCHANNELBINDING',
  'PGREQUIREAUTH',
  'PGREQUIREPEER',
]

export function psqlEnvironment(own: Environment, { target, port }: Place, user: string): Environment {
  const kept = Object.entries(own).filter(([name]) => !misleading.includes(name))
  return {
    ...Object.fromEntries(kept),
    PGHOST: '127.0.0.1',
    PGPORT: String(port),
    PGDATABASE: target.database,
    PGUSER: user,
    PGSSLMODE: 'disable',
    PGGSSENCMODE: 'disable',
  }
}

export const mysqlArgs = ({ target, port }: Place, user: string): readonly string[] => [
  '--protocol=tcp',
  '--host=127.0.0.1',
  `--port=${port}`,
  `--user=${user}`,
  `--database=${target.database}`,
]

/** What to type to get there. */
export function hint({ target, port }: Place, user: string): string {
  if (target.protocol === 'mysql')
    return `mysql --protocol=tcp -h 127.0.0.1 -P ${port} -u ${shellWord(user)} -D ${shellWord(target.database)}`
  const database = conninfoValue(target.database)
  const place = `host=127.0.0.1 port=${port} dbname=${database} user=${conninfoValue(user)} sslmode=disable`
  return `psql ${/^[\w .=-]+$/.test(place) ? `"${place}"` : shellWord(place)}`
}

const conninfoValue = (value: string): string =>
  /^[\w.-]+$/.test(value) ? value : `'${value.replace(/[\\']/g, String.raw`\$&`)}'`

/** Whoever copies it runs nothing else with it. */
const shellWord = (text: string): string =>
  /^[\w@.-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`
