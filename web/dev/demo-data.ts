// Made-up data for every route of the contract.

import type { AuditEntry, Me, PolicyCheck, RunEvent, TableRow } from '../../src/console/contract.ts'

interface Asked {
  readonly params: Readonly<Record<string, string>>
  readonly query: URLSearchParams
  readonly body: unknown
}

const now = Date.now()
const minuteMs = 60_000
const dayMs = 86_400_000

const groups = [
  { id: 'g1', name: 'analysts', description: 'Read everything but people', members: ['hanako', 'ken'] },
  { id: 'g2', name: 'support', description: 'Answer customers, one at a time', members: ['mei'] },
]
const users = [
  ['u1', 'admin', 'Administrator', 'administrator', [], false, false],
  ['u2', 'hanako', '佐藤 花子', 'user', ['analysts'], false, false],
  ['u3', 'ken', 'Ken Tanaka', 'user', ['analysts'], false, true],
  ['u4', 'mei', 'Mei Suzuki', 'user', ['support'], false, false],
  ['u5', 'old.contractor', 'Old Contractor', 'user', [], true, false],
].map(([id, name, displayName, role, inGroups, disabled, locked], index) => ({
  id,
  name,
  displayName,
  role,
  groups: inGroups,
  disabled,
  locked,
  email: index === 4 ? undefined : `${String(name)}@example.jp`,
  lastSignInAtMs: index === 4 ? undefined : now - index * 7 * 60 * minuteMs,
}))

let signedIn = true
let mustChangePassword = false
const me = (): Me =>
  ({ user: users[0], mustChangePassword, csrfToken: 'demo', version: '0.1.0' }) as unknown as Me

const targets = ['shop', 'billing-prod', 'warehouse', 'crm-staging'].map((name, index) => ({
  id: `t${index + 1}`,
  name,
  protocol: 'postgres',
  database: index === 0 ? 'shop' : name.replace(/-.*/, ''),
  tags: [{ env: 'demo' }, { env: 'prod', team: 'finance' }, { env: 'prod' }, { env: 'staging' }][index],
  gatewayHost: 'localhost',
  listenPort: 40_000 + index,
  disabled: index === 3,
  admin: { host: `${name}.internal`, port: 5432, account: 'sekisho', tls: 'verify-full', tlsCa: undefined },
}))

const column = (name: string, type: string, tags: string[] = [], hiddenAs?: string) => ({
  name,
  type,
  notNull: name === 'id',
  tags,
  inherited: [],
  hiddenAs,
})
const shopTables = [
  {
    table: 'customers',
    comment: 'People who bought something',
    columns: [
      column('id', 'integer'),
      column('name', 'text', ['pii.name'], 'name'),
      column('email', 'text', ['pii.email'], 'email'),
      column('phone', 'text', ['pii.phone'], 'phone'),
      column('card', 'text', ['pii.card'], 'card'),
      column('city', 'text'),
      column('birthday', 'date', ['pii.birthday'], 'date'),
      column('created_at', 'timestamp with time zone'),
    ],
  },
  {
    table: 'orders',
    columns: [column('id', 'integer'), column('customer_id', 'integer'), column('total', 'numeric(12,2)')],
  },
  {
    table: 'employees',
    columns: [
      column('id', 'integer'),
      column('name', 'text'),
      column('salary', 'numeric', ['confidential.salary'], 'number'),
    ],
  },
  {
    table: 'products',
    columns: [column('id', 'integer'), column('title', 'text'), column('price', 'numeric(12,2)')],
  },
  {
    table: 'order_summary',
    kind: 'view',
    columns: [column('id', 'integer'), column('email', 'text', ['pii.email'], 'email')],
  },
].map(table => ({ schema: 'public', kind: 'table', comment: undefined, ...table }))
const manyTables = Array.from({ length: 2_000 }, (_, index) => ({
  schema: 'archive',
  table: `events_${String(index).padStart(4, '0')}`,
  kind: 'partitioned',
  comment: undefined,
  columns: [column('id', 'bigint'), column('payload', 'jsonb')],
}))
const tables = [...shopTables, ...manyTables] as unknown as TableRow[]

const tags = [
  ['pii.email', 'E-mail addresses', 'email'],
  ['pii.phone', 'Telephone numbers', 'phone'],
  ['pii.name', 'Names of people', 'name'],
  ['pii.card', 'Payment cards', 'card'],
  ['pii.birthday', 'Dates of birth', 'date'],
  ['confidential.salary', 'What people earn', 'number'],
  ['internal', 'Only a label', 'null'],
].map(([name, description, mask]) => ({ name, description, mask, sensitive: name !== 'internal' }))

const policyText = `// Analysts read the shop; what is personal stays hidden.
@id("analysts-read")
permit (
  principal in Group::"analysts",
  action in [Action::"connect", Action::"select"],
  resource == Target::"shop"
);

@id("support-sees-email")
@row_limit("100")
permit (
  principal in Group::"support",
  action == Action::"reveal",
  resource in Tag::"pii.email"
) when { context.address like "10.*" };

@id("nobody-drops")
forbid (principal, action == Action::"define", resource)
when { resource.env == "prod" };
`
const policy = {
  version: 7,
  text: policyText,
  note: 'Support sees e-mail',
  savedBy: 'admin',
  savedAtMs: now - dayMs,
}
const versions = [7, 6, 5, 4].map(version => ({
  ...policy,
  version,
  note: ['Support sees e-mail', 'Forbid drops in production', 'Analysts read', 'First rules'][7 - version],
  savedAtMs: now - (8 - version) * dayMs,
}))

function checkPolicy(text: string, language: string): PolicyCheck {
  const broken = text.indexOf('permitt')
  const before = text.slice(0, Math.max(0, broken))
  const place = { line: before.split('\n').length, column: before.length - before.lastIndexOf('\n') }
  const ja = language === 'ja'
  const none = { rowFilter: undefined, rowLimit: undefined, strength: undefined }
  return {
    parts: [],
    problems: broken < 0 ? [] : [{ severity: 'error', message: 'unexpected token `permitt`', ...place }],
    meanings: [
      {
        name: 'analysts-read',
        effect: 'permit',
        meaning: ja
          ? 'グループ analysts の人は、shop に接続し、読み取ることができます。'
          : 'People in the group analysts may connect to shop and read there.',
        ...none,
      },
      {
        name: 'support-sees-email',
        effect: 'permit',
        meaning: ja
          ? 'グループ support の人は、10.* からであれば pii.email をそのまま見ることができます。'
          : 'People in the group support may see pii.email in clear, from an address like 10.*.',
        ...none,
        rowLimit: 100,
      },
      {
        name: 'nobody-drops',
        effect: 'forbid',
        meaning: ja
          ? 'env が prod の接続先では、誰も定義を変更できません。'
          : 'Nobody may change definitions where env is prod.',
        ...none,
      },
    ],
  }
}

const statements = [
  'select id, name, email from customers where city = $1 order by id limit $2',
  'select count(*) from orders where total > $1',
  'select * from employees',
  'update products set price = $1 where id = $2',
  'select o.id, c.email from orders o join customers c on c.id = o.customer_id',
]
const entryAt = (index: number): AuditEntry => {
  const kind =
    (
      [
        'statement',
        'statement',
        'statement',
        'session.opened',
        'statement',
        'sign-in',
        'statement',
        'changed',
      ] as const
    )[index % 8] ?? 'statement'
  const denied = index % 11 === 3 && kind === 'statement'
  const user = ['hanako', 'ken', 'mei', 'admin'][index % 4]
  const shape = kind === 'statement' ? statements[index % 5] : undefined
  return {
    id: `0193${String(100_000 - index)}-demo`,
    atMs: now - index * 47_000,
    kind,
    userName: user,
    targetName: kind === 'sign-in' || kind === 'changed' ? undefined : 'shop',
    sessionId: kind === 'sign-in' || kind === 'changed' ? undefined : `session-${Math.floor(index / 12)}`,
    address: index % 3 === 0 ? 'console' : '10.20.3.14',
    program: index % 3 === 0 ? 'Sekisho console' : 'DBeaver 24.2',
    credential: index % 3 === 0 ? 'console' : 'DBeaver on my laptop',
    verb: shape?.split(' ')[0]?.toUpperCase(),
    shape,
    text: shape?.replace('$1', "'Osaka'").replace('$2', '50'),
    tables: shape === undefined ? [] : [`public.${/(?:from|update) (\w+)/.exec(shape)?.[1]}`],
    hidden: shape?.includes('email') ? ['public.customers.email', 'public.customers.name'] : [],
    verdict: shape === undefined ? undefined : denied ? 'denied' : 'allowed',
    code: denied ? 'statement.denied' : undefined,
    reason: denied ? 'No policy permits you to select from public.employees on shop.' : undefined,
    decidedBy: shape === undefined || denied ? [] : [{ name: 'analysts-read', version: 7 }],
    strength: shape === undefined ? undefined : 'written',
    rows: shape === undefined || denied ? undefined : (index * 37) % 900,
    bytes: shape === undefined || denied ? undefined : ((index * 37) % 900) * 64,
    durationMs: shape === undefined || denied ? undefined : (index * 3.7) % 80,
    result:
      shape === undefined || denied ? undefined : index === 1 ? undefined : index % 17 === 8 ? '42P01' : 'ok',
    what: kind === 'changed' ? 'policy.saved' : undefined,
    object: kind === 'changed' ? 'policies' : undefined,
    fields: kind === 'changed' ? { version: [6, 7], note: ['', 'Support sees e-mail'] } : undefined,
    sequence: 100_000 - index,
    hash: '9f3c61d07ab2e84455c0f1d2'.repeat(3).slice(0, 64),
  }
}
const trail = Array.from({ length: 900 }, (_, index) => entryAt(index))

function findAudit({ query }: Asked): readonly AuditEntry[] {
  const kinds = query.get('kinds')?.split(',')
  const before = query.get('before')
  const session = query.get('sessionId')
  return trail
    .filter(
      entry =>
        (kinds === undefined || kinds.includes(entry.kind)) &&
        (before === null || entry.id < before) &&
        (session === null || entry.sessionId === session) &&
        (query.get('masked') === null || entry.hidden.length > 0) &&
        (query.get('verdict') === null || entry.verdict === query.get('verdict')) &&
        (query.get('userName') === null || entry.userName === query.get('userName')) &&
        (query.get('search') === null || entry.shape?.includes(query.get('search') ?? '') === true),
    )
    .slice(0, Number(query.get('limit') ?? 100))
}

const sqlSession = {
  id: 's1',
  targetId: 't1',
  openedAtMs: 0,
  transaction: 'none',
  schema: 'public',
  running: false,
}
const cities = ['Tokyo', 'Osaka', '札幌', 'Nagoya', 'Berlin', '福岡']
async function* runQuery({ body }: Asked): AsyncGenerator<RunEvent> {
  const { sql } = body as { sql: string }
  if (/salary/.test(sql)) {
    yield {
      kind: 'error',
      statement: 0,
      sqlState: '42501',
      message:
        'No policy permits you to select from public.employees on shop.\nAsk an administrator for a policy that permits "select" there.',
      hint: undefined,
      position: Math.max(1, sql.indexOf('employees') + 1),
      refused: true,
    }
    return
  }
  const typo = sql.indexOf('custmers')
  if (typo >= 0) {
    yield {
      kind: 'error',
      statement: 0,
      sqlState: '42P01',
      message: 'relation "custmers" does not exist',
      hint: 'Perhaps you meant "customers".',
      position: typo + 1,
      refused: false,
    }
    return
  }
  const count = /generate/.test(sql) ? 100_000 : 5_000
  yield {
    kind: 'columns',
    statement: 0,
    columns: [
      { name: 'id', type: 'integer' },
      { name: 'name', type: 'text' },
      { name: 'email', type: 'text' },
      { name: 'phone', type: 'text' },
      { name: 'city', type: 'text' },
      { name: 'birthday', type: 'date' },
      { name: 'note', type: 'text' },
      { name: 'total', type: 'numeric' },
    ],
  }
  for (let row = 0; row < count; row += 500) {
    yield {
      kind: 'rows',
      statement: 0,
      rows: Array.from({ length: 500 }, (_, index) => {
        const id = row + index + 1
        return [
          String(id),
          'H***',
          'h***@example.jp',
          '***-****-5678',
          cities[id % 6] ?? null,
          '1987-01-01',
          id % 3 === 0 ? null : id % 3 === 1 ? '' : 'two\nlines',
          (((id * 137) % 90_000) / 100).toFixed(2),
        ]
      }),
    }
    await new Promise(resolve => setImmediate(resolve))
  }
  yield { kind: 'notice', message: 'made-up data' }
  yield {
    kind: 'done',
    statement: 0,
    command: 'SELECT',
    rows: count,
    truncated: /truncat/.test(sql),
    durationMs: 42.4,
  }
}

const tokens = [
  {
    id: 'k1',
    userId: 'u1',
    label: 'DBeaver on my laptop',
    targets: ['t1'],
    createdAtMs: now - 3 * dayMs,
    expiresAtMs: now + 27 * dayMs,
    lastUsedAtMs: now - 5 * minuteMs,
  },
  {
    id: 'k2',
    userId: 'u1',
    label: 'nightly report',
    targets: [],
    createdAtMs: now - 80 * dayMs,
    expiresAtMs: now - dayMs,
    lastUsedAtMs: undefined,
  },
]

export const demoRoutes: Readonly<Record<string, (asked: Asked) => unknown>> = {
  'POST /api/sign-in': ({ body }) => {
    const { name } = body as { name: string }
    if (name === 'wrong') return { code: 'sign-in.failed', message: '', detail: '' }
    signedIn = true
    mustChangePassword = name === 'first'
    return me()
  },
  'POST /api/sign-out': () => void (signedIn = true),
  'POST /api/password': () => {
    mustChangePassword = false
    return me()
  },
  'GET /api/me': () => (signedIn ? me() : { code: 'sign-in.required', message: '', detail: '' }),
  'GET /api/targets': () => ({ targets, total: targets.length, all: targets.length }),
  'GET /api/targets/tag-keys': () => [],
  'GET /api/attention': () => [],
  'POST /api/targets': ({ body }) => ({ ...targets[0], ...(body as object), id: 't1' }),
  'POST /api/targets/test': ({ body }) =>
    (body as { id?: string }).id === 't2'
      ? { ok: false, message: 'connection refused (10.2.0.8:5432)' }
      : { ok: true, serverVersion: '18.4', tls: 'TLSv1.3', durationMs: 12.3 },
  'GET /api/targets/:id': ({ params }) => targets.find(({ id }) => id === params['id']),
  'PUT /api/targets/:id': ({ params }) => targets.find(({ id }) => id === params['id']),
  'DELETE /api/targets/:id': () => undefined,
  'GET /api/targets/:id/tables': () => tables,
  'PUT /api/targets/:id/tags': () => undefined,
  'GET /api/sql/sessions': () => [],
  'POST /api/sql/sessions': ({ body }) => ({ ...sqlSession, ...(body as object) }),
  'GET /api/sql/sessions/:id': () => sqlSession,
  'DELETE /api/sql/sessions/:id': () => undefined,
  'POST /api/sql/sessions/:id/run': runQuery,
  'POST /api/sql/sessions/:id/stop': () => undefined,
  'GET /api/targets/:id/schemas': () =>
    [...new Set(tables.map(({ schema }) => schema))].map(name => ({
      name,
      objects: tables.filter(({ schema }) => schema === name).length,
    })),
  'GET /api/targets/:id/objects': ({ query }) => {
    const found = tables.filter(
      ({ schema, table }) =>
        (query.get('schema') ?? schema) === schema &&
        `${schema}.${table}`.includes(query.get('search') ?? ''),
    )
    const offset = Number(query.get('offset') ?? 0)
    const objects = found.slice(offset, offset + Number(query.get('limit') ?? 100)).map(table => ({
      schema: table.schema,
      name: table.table,
      kind: table.kind,
      comment: table.comment,
      hides: table.columns.some(({ hiddenAs }) => hiddenAs !== undefined),
    }))
    return { objects, total: found.length }
  },
  'GET /api/targets/:id/object': ({ query }) =>
    tables.find(({ schema, table }) => schema === query.get('schema') && table === query.get('name')),
  'GET /api/sql/history': () =>
    trail
      .flatMap(({ id, atMs, targetName, program, text, verdict, result, rows, durationMs }) =>
        text === undefined
          ? []
          : [{ id, atMs, targetName, program, text, verdict, result, rows, durationMs }],
      )
      .slice(0, 40),
  'GET /api/sql/saved': () => [
    {
      id: 'q1',
      name: 'Customers of a city',
      text: 'select id, name, email from customers where city = :city',
      targetId: 't1',
      groups: ['analysts'],
      ownerName: 'admin',
      mine: true,
      changedAtMs: now - dayMs,
    },
  ],
  'GET /api/jobs': () => [],
  'GET /api/tags': () => tags,
  'GET /api/tokens': () => tokens,
  'POST /api/tokens': ({ body }) => ({
    token: { ...tokens[0], ...(body as object) },
    secret: 'skk_Zk3v9QmB7xT1cR5uY8eW2aL6nD4pHfJgS0iKtVwX',
  }),
  'DELETE /api/tokens/:id': () => undefined,
  'GET /api/users': () => users,
  'POST /api/users': ({ body }) => ({
    user: { ...users[1], ...(body as object) },
    firstPassword: 'tide-lantern-cedar-93',
  }),
  'PUT /api/users/:id': () => users[1],
  'POST /api/users/:id/password': () => ({ firstPassword: 'tide-lantern-cedar-93' }),
  'POST /api/users/:id/unlock': () => undefined,
  'DELETE /api/users/:id': () => undefined,
  'GET /api/groups': () => groups,
  'POST /api/groups': () => groups[0],
  'PUT /api/groups/:id': () => groups[0],
  'DELETE /api/groups/:id': () => undefined,
  'GET /api/policies': () => ({ current: policy, versions }),
  'GET /api/policies/:version': ({ params }) => ({
    ...policy,
    ...versions.find(({ version }) => version === Number(params['version'])),
  }),
  'POST /api/policies/check': ({ body }) => {
    const { text, language } = body as { text: string; language: string }
    return checkPolicy(text, language)
  },
  'POST /api/policies/format': ({ body }) => body,
  'PUT /api/policies': () => ({ ...policy, version: 8 }),
  'GET /api/audit': findAudit,
  'GET /api/audit/chain': () => ({ writable: true, sequence: 100_000, hash: '9f3c', waiting: 0 }),
  'GET /api/audit/:id': ({ params }) => trail.find(({ id }) => id === params['id']),
}
