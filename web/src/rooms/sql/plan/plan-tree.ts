// Reads the plans of PostgreSQL, MySQL and MariaDB into one tree: what is done, on how many rows, at what cost.

export interface PlanNode {
  readonly title: string
  /** The table, index or the like that it is about. */
  readonly about: string | undefined
  /** As expected. */
  readonly rows: number | undefined
  /** As counted, of all rounds. */
  readonly countedRows: number | undefined
  /** Its own share, without what is below it: measured time, else cost, else rows. */
  readonly share: number
  readonly cost: number | undefined
  readonly timeMs: number | undefined
  readonly facts: readonly (readonly [name: string, value: string])[]
  readonly children: readonly PlanNode[]
}

export interface Plan {
  readonly root: PlanNode
  /** What `share` counts. */
  readonly unit: 'time' | 'cost' | 'rows'
}

type Members = Readonly<Record<string, unknown>>

const isMembers = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined
}

function worded(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(worded).join(', ')
  return JSON.stringify(value) ?? ''
}

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0)

const postgresShown = new Set(['Node Type', 'Plans', 'Relation Name', 'Index Name', 'Alias', 'Schema'])

function postgresNode(plan: Members, isMeasured: boolean): PlanNode {
  const plans = Array.isArray(plan['Plans']) ? plan['Plans'].filter(isMembers) : []
  const children = plans.map(child => postgresNode(child, isMeasured))
  const loops = numberOf(plan['Actual Loops']) ?? 1
  const each = numberOf(plan['Actual Total Time'])
  const timeMs = each === undefined ? undefined : each * loops
  const cost = numberOf(plan['Total Cost'])
  const below = isMeasured ? sum(children.map(child => child.timeMs)) : sum(children.map(child => child.cost))
  const names = [plan['Relation Name'], plan['Index Name']].filter(name => typeof name === 'string')
  const counted = numberOf(plan['Actual Rows'])
  return {
    title: worded(plan['Node Type']),
    about: names.length === 0 ? undefined : names.join(' · '),
    rows: numberOf(plan['Plan Rows']),
    countedRows: counted === undefined ? undefined : Math.round(counted * loops),
    share: Math.max(0, ((isMeasured ? timeMs : cost) ?? 0) - below),
    cost,
    timeMs,
    facts: Object.entries(plan)
      .filter(([name]) => !postgresShown.has(name))
      .map(([name, value]) => [name, worded(value)] as const),
    children,
  }
}

function readPostgres(plan: Members): Plan {
  const isMeasured = plan['Actual Total Time'] !== undefined
  return { root: postgresNode(plan, isMeasured), unit: isMeasured ? 'time' : 'cost' }
}

/** Members that hold figures of their owner, not a step of their own. */
const figures = new Set(['cost_info', 'r_engine_stats'])

function mysqlCost(node: Members): { readonly own: number | undefined; readonly all: number | undefined } {
  const info = isMembers(node['cost_info']) ? node['cost_info'] : {}
  const parts = [numberOf(info['read_cost']), numberOf(info['eval_cost'])]
  const own = parts.every(part => part === undefined) ? undefined : sum(parts)
  return { own, all: numberOf(info['query_cost']) ?? numberOf(info['prefix_cost']) ?? numberOf(node['cost']) }
}

function mysqlNode(title: string, node: Members): PlanNode {
  const children: PlanNode[] = []
  const facts: (readonly [string, string])[] = []
  for (const [name, value] of Object.entries(node)) {
    if (figures.has(name)) {
      facts.push([name, worded(value)])
    } else if (isMembers(value)) children.push(mysqlNode(name, value))
    else if (Array.isArray(value) && value.some(isMembers)) {
      // Each element is wrapped in a member that says what it is.
      const steps = value.filter(isMembers).flatMap(element => mysqlNode(name, element).children)
      if (name === 'nested_loop') children.push({ ...emptyNode(name), children: steps })
      else children.push(...steps)
    } else if (name !== 'table_name') facts.push([name, worded(value)])
  }
  const { own, all } = mysqlCost(node)
  const rows = numberOf(node['rows_examined_per_scan']) ?? numberOf(node['rows'])
  const loops = numberOf(node['r_loops']) ?? 1
  const counted = numberOf(node['r_rows'])
  const timeMs = numberOf(node['r_total_time_ms']) ?? numberOf(node['r_table_time_ms'])
  const access = typeof node['access_type'] === 'string' ? ` (${node['access_type']})` : ''
  const names = [node['table_name'], node['key']].filter(name => typeof name === 'string')
  return {
    title: `${title.replaceAll('_', ' ')}${access}`,
    about: names.length === 0 ? undefined : names.join(' · '),
    rows,
    countedRows: counted === undefined ? undefined : Math.round(counted * loops),
    share: timeMs ?? own ?? (title === 'table' ? (rows ?? 0) : 0),
    cost: all ?? own,
    timeMs,
    facts,
    children,
  }
}

function emptyNode(title: string): PlanNode {
  return {
    title: title.replaceAll('_', ' '),
    about: undefined,
    rows: undefined,
    countedRows: undefined,
    share: 0,
    cost: undefined,
    timeMs: undefined,
    facts: [],
    children: [],
  }
}

function some(node: PlanNode, test: (node: PlanNode) => boolean): boolean {
  return test(node) || node.children.some(child => some(child, test))
}

function readMysql(block: Members): Plan {
  const root = mysqlNode('query_block', block)
  const isTimed = some(root, node => node.timeMs !== undefined && node.share > 0)
  const isCosted = some(root, node => node.cost !== undefined && node.share > 0 && node.share !== node.rows)
  return { root, unit: isTimed ? 'time' : isCosted ? 'cost' : 'rows' }
}

/** @returns `undefined` for a text that is no plan */
export function readPlan(text: string): Plan | undefined {
  try {
    const json: unknown = JSON.parse(text)
    const first: unknown = Array.isArray(json) ? json[0] : json
    if (!isMembers(first)) return undefined
    if (isMembers(first['Plan'])) return readPostgres(first['Plan'])
    return isMembers(first['query_block']) ? readMysql(first['query_block']) : undefined
  } catch {
    return undefined
  }
}

/** The node with the largest share of its own. */
export function hottest(node: PlanNode): PlanNode {
  return node.children.reduce((best, child) => {
    const below = hottest(child)
    return below.share > best.share ? below : best
  }, node)
}

/** The statement that asks for the plan of another one. */
/** Runs the statement and measures each step; the plan is in a form that `readPlan` knows. */
export const measureText = (statement: string): string => `EXPLAIN (ANALYZE, FORMAT JSON) ${statement}`

export function explainText(statement: string, protocol: 'postgres' | 'mysql'): string {
  return protocol === 'mysql' ? `EXPLAIN FORMAT=JSON ${statement}` : `EXPLAIN (FORMAT JSON) ${statement}`
}
