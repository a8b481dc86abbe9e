// `node bench/targets.ts`: very many targets on one server. Prints how long the start takes with none, with all of them and
// with thousands of ports, how long lists, searches and filters take for administrators and for people with policies, and memory.
// Options: --targets N --ports N

import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { parseArgs } from 'node:util'
import type { TargetFilter } from '../src/console/contract.ts'
import type { ApiClient } from '../test/support/api-client.ts'
import { type RunningSekisho, startSekisho } from '../test/support/sekisho.ts'
import { asStarted } from './as-started.ts'
import { median, residentMegabytes } from './measure.ts'

const { values } = parseArgs({
  options: {
    targets: { type: 'string', default: '60000' },
    ports: { type: 'string', default: '5000' },
  },
})
const targetCount = Number(values.targets)
const portCount = Number(values.ports)
const portFirst = 40_000
const rounds = 7

const log = (text: string): void => console.log(text)

const policies = `
@id("bench")
permit(principal in Group::"shop", action in [Action::"connect", Action::"select"], resource)
when { resource.hasTag("env") && resource.getTag("env") != "prod" };
@id("bench-own")
permit(principal in Group::"shop", action == Action::"connect", resource)
when { resource.hasTag("team") && resource.getTag("team") == "shop" };
`

async function main(): Promise<void> {
  const sekisho = await startSekisho({ environment: asStarted })
  try {
    const ann = await sekisho.addPerson('ann', ['shop'])
    await sekisho.savePolicies(policies)
    await sekisho.auditCarried()
    const empty = await restarted(sekisho)
    log(`Start with no targets: ${empty} ms; ${residentMegabytes(sekisho.pid)} MB`)
    await sekisho.end('SIGTERM')
    fill(join(sekisho.dataDir, 'sekisho.db'), 0)
    const many = await timed(() => sekisho.restart())
    log(`Start with ${targetCount} targets, none exposed: ${many} ms; ${residentMegabytes(sekisho.pid)} MB`)
    await sekisho.end('SIGTERM')
    fill(join(sekisho.dataDir, 'sekisho.db'), portCount)
    const exposed = await timed(() => sekisho.restart())
    log(`Start with ${portCount} of them on ports: ${exposed} ms; ${residentMegabytes(sekisho.pid)} MB`)
    await sekisho.admin.signIn('admin', sekisho.adminPassword)
    await ann.api.signIn('ann', ann.password)
    await measure('administrator', sekisho.admin)
    await measure('user with policies', ann.api)
    log(`After all that: ${residentMegabytes(sekisho.pid)} MB`)
  } finally {
    await sekisho.stop()
  }
}

async function restarted(sekisho: RunningSekisho): Promise<number> {
  await sekisho.end('SIGTERM')
  return timed(() => sekisho.restart())
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const startedMs = performance.now()
  await work()
  return Math.round(performance.now() - startedMs)
}

/** First time: nothing is kept yet. Then others, so that nothing that is kept helps. */
async function measure(who: string, api: ApiClient): Promise<void> {
  const questions: readonly (readonly [string, (round: number) => TargetFilter])[] = [
    ['first page', () => ({ limit: 100 })],
    ['page in the middle', round => ({ limit: 100, offset: 10_000 + round * 100 })],
    ['search by name', round => ({ search: `db-${round}7`, limit: 100 })],
    ['search by two words', round => ({ search: `shop env=prod ${round}`, limit: 100 })],
    ['filter by tag', round => ({ tag: `env=dev,team=${teams[round % teams.length] ?? ''}`, limit: 100 })],
    [
      'sorted by port',
      round => ({ sort: round % 2 === 0 ? 'port' : '-port', search: `${round}`, limit: 100 }),
    ],
    ['grouped by team', round => ({ group: 'team', search: `${round}`, limit: 100 })],
  ]
  for (const [what, filter] of questions) {
    let total = 0
    const ask = (round: number) =>
      timed(async () => {
        ;({ total } = await api.call('GET /api/targets', filter(round)))
      })
    const first = await ask(0)
    const later: number[] = []
    for (let round = 1; round <= rounds; round += 1) later.push(await ask(round))
    log(
      `${who}: ${what}: first ${first} ms, then ${median(later)} ms (at most ${Math.max(...later)}); ${total} found`,
    )
  }
}

const teams = ['shop', 'billing', 'search', 'logistics', 'people']
const environments = ['prod', 'staging', 'dev']

function fill(file: string, exposed: number): void {
  const database = new DatabaseSync(file)
  database.exec('delete from targets')
  const add = database.prepare(
    `insert into targets (id, name, protocol, host, port, database_name, account, tls, tags, listen_port, disabled, sealed_password)
     values (?, ?, ?, ?, ?, ?, ?, 'prefer', ?, ?, 0, 'none')`,
  )
  database.exec('begin')
  for (let index = 0; index < targetCount; index += 1) {
    const env = environments[index % environments.length] ?? ''
    const team = teams[index % teams.length] ?? ''
    add.run(
      `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`,
      `${team}-db-${index}.${env}`,
      index % 2 === 0 ? 'postgres' : 'mysql',
      `db${index}.invalid`,
      5432,
      team,
      'gateway',
      JSON.stringify({ env, team, region: `region-${index % 12}` }),
      index < exposed ? portFirst + index : null,
    )
  }
  database.exec('commit')
  database.close()
}

await main()
