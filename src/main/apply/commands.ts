// `sekisho plan`, `sekisho apply`, `sekisho export`: from files to a running server, and back.

import { writeFileSync } from 'node:fs'
import { carryOut } from './carry-out.ts'
import { readDocuments } from './documents.ts'
import { exportDocuments } from './export.ts'
import { planSteps, type PlanOptions, type Step, stepsToDo } from './plan.ts'
import { openRemote, remoteAccess } from './remote.ts'
import { readStanding } from './state.ts'
import { wordPlan } from './word-plan.ts'

export interface ApplyOptions extends PlanOptions {
  readonly path: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly note: string
  /** A new file for the first passwords of new users, readable by its owner alone. */
  readonly passwordsFile: string | undefined
}

export interface Answer {
  readonly code: 0 | 1
  readonly value: object
  readonly text: string
}

const wrongFiles = (problems: readonly string[]): Answer => ({
  code: 1,
  value: { ok: false, problems },
  text: [
    ...problems,
    '',
    `${problems.length} problem${problems.length === 1 ? '' : 's'}; nothing was done.`,
  ].join('\n'),
})

const told = ({ kind, name, action, fields }: Step) => ({ kind, name, action, fields })

async function prepare(options: ApplyOptions) {
  const { documents, problems } = readDocuments(options.path, options.environment)
  if (problems.length > 0) return { kind: 'wrong', problems } as const
  const remote = await openRemote(remoteAccess(options.environment))
  const withColumns = new Set(
    documents.filter(({ kind, facts }) => kind === 'Target' && 'columns' in facts).map(({ name }) => name),
  )
  const standing = await readStanding(remote, name => withColumns.has(name))
  const missing = documents.flatMap(({ kind, name, facts, place }) =>
    kind === 'Target' && !standing.facts.Target.has(name) && !('password' in facts)
      ? [`${place}: password: is missing, and the target is new`]
      : [],
  )
  if (missing.length > 0) return { kind: 'wrong', problems: missing } as const
  return { kind: 'planned', remote, standing, steps: planSteps(documents, standing, options) } as const
}

export async function planFiles(options: ApplyOptions): Promise<Answer> {
  const prepared = await prepare(options)
  if (prepared.kind === 'wrong') return wrongFiles(prepared.problems)
  const { steps } = prepared
  return {
    code: 0,
    value: { ok: true, toDo: stepsToDo(steps).length, steps: steps.map(told) },
    text: wordPlan(steps),
  }
}

export async function applyFiles(options: ApplyOptions): Promise<Answer> {
  const prepared = await prepare(options)
  if (prepared.kind === 'wrong') return wrongFiles(prepared.problems)
  const { remote, standing, steps } = prepared
  const done = await carryOut(remote, standing, steps, options.note, () => undefined)
  const failed = done.filter(({ problem }) => problem !== undefined)
  const passwords = done.flatMap(({ step, firstPassword }) =>
    firstPassword === undefined ? [] : [`${step.name} ${firstPassword.reveal()}\n`],
  )
  const lines = [wordPlan(steps)]
  if (passwords.length > 0 && options.passwordsFile !== undefined) {
    writeFileSync(options.passwordsFile, passwords.join(''), { mode: 0o600, flag: 'wx' })
    lines.push(`First passwords of new users are in ${options.passwordsFile}.`)
  } else if (passwords.length > 0) {
    lines.push('New users need a first password: give one in the console, or use --passwords FILE next time.')
  }
  for (const { step, problem } of failed) lines.push(`${step.kind} ${step.name} failed: ${problem}`)
  return {
    code: failed.length === 0 ? 0 : 1,
    value: {
      ok: failed.length === 0,
      done: done.length - failed.length,
      steps: steps.map(told),
      failed: failed.map(({ step, problem }) => ({ kind: step.kind, name: step.name, problem })),
    },
    text: lines.join('\n'),
  }
}

export async function exportFiles(environment: ApplyOptions['environment']): Promise<string> {
  const remote = await openRemote(remoteAccess(environment))
  return exportDocuments(await readStanding(remote, () => true))
}
