// `npm run bench:tunnel`: what the user agent and its tunnel cost over the agentless port of the same target.
// Prints the median of a round trip, MB/s of a large read, and the time until a new stream is open. All interleaved.
// Options: --rounds N

import { parseArgs } from 'node:util'
import pg from 'pg'
import { tunnelName } from '../src/access/tunnel-name.ts'
import { createTunnelClient } from '../src/tunnel/tunnel-client.ts'
import { createAgent } from '../test/support/agent.ts'
import { type RunningPostgres, startPostgres } from '../test/support/postgres.ts'
import { type Person, type RunningSekisho, startSekisho } from '../test/support/sekisho.ts'
import { asStarted } from './as-started.ts'
import { measureRead, median, type Place } from './measure.ts'

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '15' } } })
const rounds = Number(values.rounds)
const tripsPerRound = 200
const streamsPerRound = 20
const rows = 400_000

const policies = `
@id("bench")
permit(principal, action in [Action::"connect", Action::"select"], resource);
`

async function main(): Promise<void> {
  const stops: (() => Promise<void> | void)[] = []
  try {
    const target = await startPostgres()
    stops.push(() => target.stop())
    await target.run(
      `create table wide as select g as id, md5(g::text) as a, md5((g + 1)::text) as b, md5((g + 2)::text) as c from generate_series(1, ${rows}) g`,
    )
    const sekisho = await startSekisho({ environment: asStarted })
    stops.push(() => sekisho.stop())
    await sekisho.addTarget('bench', target)
    await sekisho.savePolicies(policies)
    const ann = await sekisho.addPerson('ann', [])
    const agent = createAgent()
    stops.push(() => agent.remove())
    await agent.signIn(sekisho, ann)
    const local = await agent.connect('bench')
    const places = placesOf(target, sekisho, ann, local.port, local.child.pid ?? 0)
    await measureTrips(places)
    await measureReads(places)
    await measureStreams(agent.profile(), sekisho, ann)
  } finally {
    for (const stop of stops.reverse()) await stop()
  }
}

function placesOf(
  target: RunningPostgres,
  sekisho: RunningSekisho,
  ann: Person,
  port: number,
  agentPid: number,
): readonly Place[] {
  const agentless = ann.connection('bench')
  return [
    { ...target, name: 'direct', pids: [] },
    { ...agentless, name: 'agentless port', pids: [sekisho.pid] },
    { ...agentless, name: 'agent and tunnel', port, pids: [sekisho.pid, agentPid] },
  ]
}

const line = (name: string, figures: readonly string[]): void =>
  console.log(name.padEnd(28) + figures.map(figure => figure.padStart(16)).join(''))

async function measureTrips(places: readonly Place[]): Promise<void> {
  const clients = await Promise.all(
    places.map(async ({ host, port, user, password, database }) => {
      const client = new pg.Client({ host, port, user, password, database, ssl: false })
      await client.connect()
      return client
    }),
  )
  const times = places.map((): number[] => [])
  for (let round = 0; round < rounds + 1; round++) {
    for (const [at, client] of clients.entries()) {
      for (let trip = 0; trip < tripsPerRound; trip++) {
        const start = performance.now()
        await client.query('select id from wide where id = 7 limit 0')
        // The first round warms up.
        if (round > 0) times[at]?.push(performance.now() - start)
      }
    }
  }
  await Promise.all(clients.map(client => client.end()))
  console.log(`\nRound trips, ms (${rounds * tripsPerRound} each)`)
  line('through', ['p50', 'p95', 'added p50'])
  const base = median(times[1] ?? [])
  for (const [at, { name }] of places.entries()) {
    const sorted = [...(times[at] ?? [])].sort((a, b) => a - b)
    const p95 = sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN
    line(name, [median(sorted).toFixed(3), p95.toFixed(3), (median(sorted) - base).toFixed(3)])
  }
}

async function measureReads(places: readonly Place[]): Promise<void> {
  const found = places.map((): { perSecond: number; cpu: number }[] => [])
  for (let round = 0; round < Math.max(5, Math.floor(rounds / 2)); round++) {
    for (const [at, place] of places.entries()) {
      const { megabytesPerSecond, cpuMsPerMegabyte } = await measureRead(place, 'select * from wide')
      found[at]?.push({ perSecond: megabytesPerSecond, cpu: cpuMsPerMegabyte })
    }
  }
  const middle = (at: number, of: 'perSecond' | 'cpu'): number =>
    median((found[at] ?? []).map(one => one[of]))
  console.log('\nA large read')
  line('through', ['MB/s', 'of agentless', 'between ms/MB'])
  for (const [at, { name }] of places.entries()) {
    const perSecond = middle(at, 'perSecond')
    line(name, [
      perSecond.toFixed(0),
      (perSecond / middle(1, 'perSecond')).toFixed(2),
      middle(at, 'cpu').toFixed(2),
    ])
  }
}

interface Papers {
  readonly device: { readonly certificate: string; readonly key: string }
  readonly authority: string
}

async function measureStreams(papers: Papers, sekisho: RunningSekisho, ann: Person): Promise<void> {
  const { port } = await ann.api.call('GET /api/device/tunnel')
  const create = () =>
    createTunnelClient({
      host: '127.0.0.1',
      port,
      authority: papers.authority,
      serverName: tunnelName,
      papers: () => papers.device,
      timeoutMs: 10_000,
      answerBytesMax: 100_000,
    })
  const open = async (client: ReturnType<typeof create>): Promise<number> => {
    const start = performance.now()
    const { stream, answer } = await client.open({ kind: 'hello', agent: 'bench' })
    const ms = performance.now() - start
    if (!answer.ok) throw new Error(answer.message)
    stream.destroy()
    return ms
  }
  const resumed = create()
  await open(resumed)
  const [first, later]: [number[], number[]] = [[], []]
  const before = process.cpuUsage()
  for (let round = 0; round < rounds; round++) {
    for (let stream = 0; stream < streamsPerRound; stream++) {
      first.push(await open(create()))
      later.push(await open(resumed))
    }
  }
  const used = process.cpuUsage(before)
  console.log(
    `\nA new stream, ms until the answer is there (server ${sekisho.pid > 0 ? 'on the same machine' : ''})`,
  )
  line('handshake', ['p50', 'p95'])
  for (const [name, times] of [
    ['whole', first],
    ['resumed', later],
  ] as const) {
    const sorted = [...times].sort((a, b) => a - b)
    line(name, [
      median(sorted).toFixed(2),
      (sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN).toFixed(2),
    ])
  }
  console.log(
    `processor time of the device: ${((used.user + used.system) / 1000 / first.length / 2).toFixed(2)} ms a stream`,
  )
}

await main()
