// How the server stands, in the same form as the files want it.

import type { JumpHost, TargetRow } from '../../console/contract.ts'
import type { Kind } from './kinds.ts'
import type { Remote } from './remote.ts'
import type { WantedDocument } from './documents.ts'

export type Facts = Readonly<Record<string, unknown>>

export interface Standing {
  /** By kind, then by name. */
  readonly facts: Readonly<Record<Kind, ReadonlyMap<string, Facts>>>
  readonly ids: Readonly<Record<'Group' | 'User' | 'Target', ReadonlyMap<string, string>>>
  readonly policies: { readonly version: number; readonly text: string }
  readonly rulesVersion: number
  /** Whose token or password is used: they are not removed. */
  readonly me: string
}

/** @param columnsOf  names of targets whose column tags are asked for; each takes a look at the target */
export async function readStanding(remote: Remote, columnsOf: (name: string) => boolean): Promise<Standing> {
  const [me, tags, groups, users, targets, policies, rules] = await Promise.all([
    remote.call('GET /api/me'),
    remote.call('GET /api/tags'),
    remote.call('GET /api/groups'),
    remote.call('GET /api/users'),
    allTargets(remote),
    remote.call('GET /api/policies'),
    remote.call('GET /api/rules'),
  ])
  if (me.user.role !== 'administrator') throw new Error(`${me.user.name} is not an administrator.`)
  const columns = new Map<string, Facts['columns']>()
  for (const { id, name, disabled } of targets) {
    if (disabled || !columnsOf(name)) continue
    columns.set(name, await ownColumnTags(remote, id))
  }
  const byName = <T extends { readonly name: string }>(list: readonly T[], facts: (one: T) => Facts) =>
    new Map(list.map(one => [one.name, facts(one)] as const))
  const idsOf = (list: readonly { readonly name: string; readonly id: string }[]) =>
    new Map(list.map(one => [one.name, one.id] as const))
  return {
    me: me.user.name,
    ids: { Group: idsOf(groups), User: idsOf(users), Target: idsOf(targets) },
    policies: policies.current,
    rulesVersion: rules.version,
    facts: {
      Tag: byName(tags, ({ description, sensitive, mask }) => ({ description, sensitive, mask })),
      Group: byName(groups, ({ description }) => ({ description })),
      User: byName(users, ({ displayName, email, role, groups: in_, disabled }) => ({
        displayName,
        email: email ?? '',
        role,
        groups: [...in_].sort(),
        disabled,
      })),
      Target: byName(targets, ({ protocol, database, tags: facts, disabled, listenPort, admin, name }) => ({
        protocol,
        host: admin?.host,
        port: admin?.port,
        database,
        account: admin?.account,
        tls: admin?.tls,
        tlsCa: admin?.tlsCa ?? '',
        tags: facts,
        disabled,
        exposed: listenPort !== undefined,
        jump: admin?.jump === undefined ? null : wholeJump(admin.jump),
        sendProxy: admin?.sendProxy ?? false,
        snapshotRowsMax: admin?.snapshotRowsMax ?? 0,
        ...(columns.has(name) ? { columns: columns.get(name) } : {}),
      })),
      Rule: byName(rules.rules, ({ name: _name, ...rule }) => rule),
      Policy: new Map([['policies', { text: policies.current.text }]]),
    },
  }
}

async function ownColumnTags(remote: Remote, id: string): Promise<readonly Facts[]> {
  const tables = await remote.call('GET /api/targets/:id/tables', undefined, { id })
  return tables.flatMap(({ schema, table, columns }) =>
    columns.flatMap(({ name, tags, inherited }) => {
      const own = tags.filter(tag => !inherited.includes(tag))
      return own.length === 0 ? [] : [{ schema, table, column: name, tags: own.sort() }]
    }),
  )
}

async function allTargets(remote: Remote): Promise<readonly TargetRow[]> {
  const found: TargetRow[] = []
  for (;;) {
    const page = await remote.call('GET /api/targets', { offset: found.length })
    found.push(...page.targets)
    if (page.targets.length === 0 || found.length >= page.total) return found
  }
}

/** Facts that files may leave out, as the server would fill them. */
export const defaults: Readonly<Record<Kind, Facts>> = {
  Tag: { description: '' },
  Group: { description: '' },
  User: { email: '', role: 'user', groups: [], disabled: false },
  Target: {
    tls: 'require',
    tlsCa: '',
    tags: {},
    disabled: false,
    jump: null,
    sendProxy: false,
    snapshotRowsMax: 0,
  },
  Rule: { note: '' },
  Policy: {},
}

/** Its fields in the order in which they are compared. */
const wholeJump = ({ host, port, user, hostKey, auth }: JumpHost): JumpHost => ({
  host,
  port,
  user,
  hostKey,
  auth,
})

const ports = { postgres: 5432, mysql: 3306 } as const

/** What a document wants, whole: left out facts filled in, lists in the order in which they are compared. */
export function wholeFacts({ kind, name, facts }: WantedDocument): Facts {
  // In the order of the file, then what it leaves out.
  const whole: Record<string, unknown> = { ...facts, ...defaults[kind], ...facts }
  if (kind === 'User') {
    whole['displayName'] ??= name
    whole['groups'] = [...(whole['groups'] as readonly string[])].sort()
  }
  if (kind === 'Target') {
    whole['port'] ??= ports[whole['protocol'] as keyof typeof ports]
    if (whole['jump'] !== null) whole['jump'] = wholeJump(whole['jump'] as JumpHost)
    if (whole['columns'] !== undefined)
      whole['columns'] = sortedColumns(whole['columns'] as readonly Column[])
  }
  if (kind === 'Policy' && whole['file'] !== undefined) {
    whole['text'] = whole['file']
    delete whole['file']
  }
  return whole
}

export interface Column {
  readonly schema: string
  readonly table: string
  readonly column: string
  readonly tags: readonly string[]
}

export const columnKey = ({ schema, table, column }: Column): string =>
  JSON.stringify([schema, table, column])

export const sortedColumns = (columns: readonly Column[]): readonly Column[] =>
  columns
    .map(one => ({ ...one, tags: [...one.tags].sort() }))
    .sort((a, b) => (columnKey(a) < columnKey(b) ? -1 : 1))
