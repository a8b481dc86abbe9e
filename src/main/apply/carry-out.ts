// Does the steps of a plan, one after the other, over the API: each is checked, recorded and refused like any change.

import type { JumpHost, QueryRule, Role, TargetInput } from '../../console/contract.ts'
import { Secret } from '../../core/secret.ts'
import { type Step, stepsToDo } from './plan.ts'
import type { Remote } from './remote.ts'
import { type Column, columnKey, type Facts, type Standing } from './state.ts'

export interface CarriedOut {
  readonly step: Step
  /** `undefined`: done. */
  readonly problem: string | undefined
  /** Of a new user. */
  readonly firstPassword?: Secret
}

interface Doing {
  readonly remote: Remote
  readonly standing: Standing
  readonly steps: readonly Step[]
  readonly note: string
}

/** Goes on after a step that fails: what depends on it fails too, and says so. */
export async function carryOut(
  remote: Remote,
  standing: Standing,
  steps: readonly Step[],
  note: string,
  told: (done: CarriedOut) => void,
): Promise<readonly CarriedOut[]> {
  const doing: Doing = { remote, standing, steps, note }
  const all: CarriedOut[] = []
  let rules: Promise<void> | undefined
  for (const step of stepsToDo(steps)) {
    let done: CarriedOut
    try {
      // All rules are one set, saved once.
      if (step.kind === 'Rule') await (rules ??= saveRules(doing))
      const firstPassword = step.kind === 'Rule' ? undefined : await doStep(doing, step)
      done = { step, problem: undefined, ...(firstPassword === undefined ? {} : { firstPassword }) }
    } catch (error) {
      done = { step, problem: error instanceof Error ? error.message : String(error) }
    }
    all.push(done)
    told(done)
  }
  return all
}

async function doStep(doing: Doing, step: Step): Promise<Secret | undefined> {
  const { remote, standing, note } = doing
  const { kind, name, wanted } = step
  const id =
    kind === 'Group' || kind === 'User' || kind === 'Target' ? standing.ids[kind].get(name) : undefined
  const path = { id: id ?? '' }
  if (kind === 'Policy') {
    const { version: basedOn } = standing.policies
    await remote.call('PUT /api/policies', { text: textOf(wanted), note, basedOn })
  }
  if (kind === 'Tag' && wanted !== undefined) {
    const tag = wanted as unknown as Parameters<typeof remote.call<'PUT /api/tags/:name'>>[1]
    await remote.call('PUT /api/tags/:name', tag, { name })
  }
  if (kind === 'Group') {
    if (wanted === undefined) await remote.call('DELETE /api/groups/:id', undefined, path)
    else {
      const { description } = wanted as { readonly description: string }
      if (id === undefined) await remote.call('POST /api/groups', { name, description })
      else await remote.call('PUT /api/groups/:id', { description }, path)
    }
  }
  if (kind === 'User') return doUser(doing, step, id)
  if (kind === 'Target') await doTarget(doing, step, id)
  return undefined
}

const textOf = (wanted: Facts | undefined): string =>
  (wanted as { readonly text?: string } | undefined)?.text ?? ''

async function doUser({ remote }: Doing, step: Step, id: string | undefined): Promise<Secret | undefined> {
  const { name, wanted } = step
  const path = { id: id ?? '' }
  if (wanted === undefined) {
    await remote.call('DELETE /api/users/:id', undefined, path)
    return undefined
  }
  const { displayName, email, role, groups, disabled } = wanted as {
    readonly displayName: string
    readonly email: string
    readonly role: Role
    readonly groups: readonly string[]
    readonly disabled: boolean
  }
  if (id !== undefined) {
    await remote.call('PUT /api/users/:id', { displayName, email, role, groups, disabled }, path)
    return undefined
  }
  const given = { name, displayName, role, groups, ...(email === '' ? {} : { email }) }
  const { user, firstPassword } = await remote.call('POST /api/users', given)
  if (disabled) await remote.call('PUT /api/users/:id', { disabled }, { id: user.id })
  return new Secret(firstPassword)
}

async function doTarget({ remote, standing }: Doing, step: Step, known: string | undefined): Promise<void> {
  const { name, wanted, fields } = step
  if (wanted === undefined) {
    await remote.call('DELETE /api/targets/:id', undefined, { id: known ?? '' })
    return
  }
  const { columns, password, tlsCa, jump, jumpSecret, ...facts } = wanted
  // The stored password belongs to a place and an account: where they change, the given one goes along.
  const sends =
    known === undefined ||
    ['password', 'host', 'port', 'account', 'tls', 'tlsCa'].some(field => field in fields)
  const sendsJump = known === undefined || 'jump' in fields || 'jumpSecret' in fields
  const secret = sendsJump && jumpSecret instanceof Secret ? { secret: jumpSecret.reveal() } : {}
  const input = {
    ...facts,
    name,
    jump: jump === null ? null : { ...(jump as JumpHost), ...secret },
    ...(tlsCa === '' && known === undefined ? {} : { tlsCa }),
    ...(sends && password instanceof Secret ? { password: password.reveal() } : {}),
  } as unknown as TargetInput
  const isSame = Object.keys(fields).every(field => field === 'columns')
  const id = isSame && known !== undefined ? known : await saveTarget(remote, known, input)
  if (columns !== undefined && 'columns' in fields) {
    const before = standing.facts.Target.get(name)?.['columns']
    await tagColumns(remote, id, (before ?? []) as readonly Column[], columns as readonly Column[])
  }
}

async function saveTarget(remote: Remote, known: string | undefined, input: TargetInput): Promise<string> {
  if (known === undefined) return (await remote.call('POST /api/targets', input)).id
  return (await remote.call('PUT /api/targets/:id', input, { id: known })).id
}

async function tagColumns(
  remote: Remote,
  id: string,
  before: readonly Column[],
  after: readonly Column[],
): Promise<void> {
  const wanted = new Map(after.map(column => [columnKey(column), column]))
  const there = new Map(before.map(column => [columnKey(column), column]))
  for (const [key, column] of wanted) {
    if (there.get(key)?.tags.join('\n') === column.tags.join('\n')) continue
    await remote.call('PUT /api/targets/:id/tags', column, { id })
  }
  for (const [key, column] of there) {
    if (!wanted.has(key)) await remote.call('PUT /api/targets/:id/tags', { ...column, tags: [] }, { id })
  }
}

/** The rules of the files in their order, then those that they do not name, unless they are removed. */
async function saveRules({ remote, standing, steps }: Doing): Promise<void> {
  const own = steps.filter(step => step.kind === 'Rule' && step.name !== 'order')
  const named = own.filter(step => step.wanted !== undefined)
  const removed = new Set(own.filter(step => step.action === 'remove').map(step => step.name))
  const kept = [...standing.facts.Rule].filter(
    ([name]) => !removed.has(name) && !named.some(step => step.name === name),
  )
  const all: readonly (readonly [string, Facts])[] = [
    ...named.map(step => [step.name, step.wanted ?? {}] as const),
    ...kept,
  ]
  const rules = all.map(([name, facts]) => ({ name, ...facts }) as unknown as QueryRule)
  await remote.call('PUT /api/rules', { rules, basedOn: standing.rulesVersion })
}
