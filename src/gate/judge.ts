// The first half of the gate's order: describe, judge, shape. Pure but for the caches it is given.

import type { SqlAction, TableUse } from '../core/action.ts'
import type { Limits } from '../core/limits.ts'
import type { StatementPlan } from '../core/event.ts'
import type { Allowed, AuditStrength, PolicyName } from '../core/verdict.ts'
import type { ImageWish, Reading, Splice, SqlProblem, SqlState, Unreadable } from '../sql/dialect.ts'
import type { BoundedCache } from './bounded-cache.ts'
import { formOf, passedAs } from './form.ts'
import type { Judged, Passed, Stopped } from './gate.ts'
import { lastingGuards, stopOf } from './guards.ts'
import { onlyReads, type QueryRule } from './rules.ts'
import { verdictOf } from './verdict-of.ts'
import type { KnownJudgements, View } from './view.ts'

/** Longer texts are judged anew each time, so that a cache of many entries stays small. */
const cachedTextCharsMax = 16_384

/** What judging needs beside the view. */
export interface JudgeParts {
  readonly limits: Limits
  /** What is asked of every statement, whatever policies say. */
  readonly strengthAtLeast: AuditStrength
  /** Rows leave for a file, or come from one. */
  readonly bulk?: 'export' | 'import'
  /** Somebody will ask which columns of a result are made of what: readings by form do not know. */
  readonly readsWhole?: true
  /** Plans by what they say: one object for all statements that differ in literals only, so that it is recorded once. */
  readonly plans: BoundedCache<string, StatementPlan>
}

/** @returns the judgement, or `unknown name` if a fresh picture of the target's tables may know more */
export function judgeText(
  parts: JudgeParts,
  view: View,
  known: KnownJudgements,
  text: string,
  state: SqlState,
): Judged | 'unknown name' {
  // A volatile set of policies may say something else for the same text a moment later.
  if (text.length > cachedTextCharsMax || view.policies.volatile)
    return judgeAnew(parts, view, text, state, unheeded)
  const same = known.byText.get(text)
  if (same !== undefined) return same
  // A rule for this very text does not hold for others of its form, nor theirs for it.
  const byForm = parts.readsWhole !== true && !view.rules.namesText(text)
  const lifted = byForm ? view.dialect.lift?.(text, state) : undefined
  const form = lifted && known.byForm.get(lifted.form)
  if (lifted && form) return passedAs(form, text, lifted)
  let ofForm = false
  const judged = judgeAnew(parts, view, text, state, (passed, splices) => {
    const made = lifted && formOf(passed, lifted, splices)
    if (!made) return
    known.byForm.set(lifted.form, made)
    ofForm = true
  })
  // What its form knows need not be kept by its text as well: its literals may never come again.
  if (!ofForm && judged !== 'unknown name') known.byText.set(text, judged)
  return judged
}

/** Told what was done to a text, if that can be said. */
type Heed = (passed: Passed, splices: readonly Splice[]) => void

const unheeded: Heed = () => {}

function judgeAnew(
  parts: JudgeParts,
  view: View,
  text: string,
  state: SqlState,
  heed: Heed,
): Judged | 'unknown name' {
  const reading = describe(parts, view, text, state)
  if (reading.kind === 'unreadable') {
    if (reading.unknownName) return 'unknown name'
    return { ...stopUnread(parts, text, reading), under: view }
  }
  const action = parts.bulk === undefined ? reading.action : inBulk(reading.action, parts.bulk)
  const rule = view.rules.find(view.asker.target, text, reading.shape)
  const isLifted = rule?.verdict === 'allow'
  const verdict = verdictOf(view, text, action, isLifted)
  if (verdict.kind === 'denied') {
    return stop(parts, view, reading, 'statement.denied', verdict.reason, undefined, verdict.decidedBy)
  }
  if (reading.liftsReadOnly === true && view.policies.isReadOnly(view.asker)) {
    return stop(parts, view, reading, 'statement.denied', staysReadOnly, undefined, verdict.decidedBy)
  }
  if (rule?.verdict === 'deny') {
    const message = `The query rule “${rule.name}” does not let this statement through. Ask an administrator.`
    return stop(parts, view, reading, 'statement.denied', message, undefined, [nameOf(rule, view)])
  }
  const stopping = stopOf(verdict.guards, isLifted)
  if (stopping !== undefined) {
    const { code, message, policy } = stopping
    return stop(parts, view, reading, code, message, undefined, [policy])
  }
  return shape(parts, view, reading, state, verdict, rule, heed)
}

const staysReadOnly =
  'Policies permit reading only here, so the session stays read only. Leave out READ WRITE.'

const bulkOf = { export: 'select', import: 'insert' } as const

/** The same, where rows leave for a file, or come from one. */
function inBulk(action: SqlAction, bulk: 'export' | 'import'): SqlAction {
  const moved = (use: TableUse): TableUse =>
    use.effects.includes(bulkOf[bulk]) && !use.effects.includes(bulk)
      ? { ...use, effects: [...use.effects, bulk] }
      : use
  return {
    ...action,
    statements: action.statements.map(one => ({ ...one, tables: one.tables.map(moved) })),
  }
}

const nameOf = (rule: QueryRule, view: View): PolicyName => ({
  name: `query rule ${rule.name}`,
  version: view.rules.version,
})

function describe(parts: JudgeParts, view: View, text: string, state: SqlState): Reading | Unreadable {
  if (text.length > parts.limits.statementCharsMax) {
    const message = `The statement is longer than ${parts.limits.statementCharsMax} characters, the most that is read. Send it in parts.`
    const problem: SqlProblem = { code: 'statement.unreadable', message, position: undefined }
    return { kind: 'unreadable', problem, shape: '', unknownName: false }
  }
  return view.dialect.read(text, view.schema, state)
}

function shape(
  parts: JudgeParts,
  view: View,
  reading: Reading,
  state: SqlState,
  verdict: Allowed,
  rule: QueryRule | undefined,
  heed: Heed,
): Judged {
  const rewritten = view.dialect.rewrite(reading, view.schema, state, view.sight, {
    maskKey: view.maskKey,
    rowLimit: verdict.rowLimit,
  })
  if (rewritten.kind === 'refused') {
    const { code, message, position } = rewritten.problem
    return stop(parts, view, reading, code, message, position, verdict.decidedBy)
  }
  const rowsMax = view.asker.target.snapshotRowsMax ?? 0
  const image = rowsMax > 0 ? imageOf(view, reading, rewritten.text, state, rowsMax) : undefined
  if (image?.kind === 'crowded')
    return stop(parts, view, reading, 'statement.unsafe', sendAlone, undefined, verdict.decidedBy)
  const isLifted = rule?.verdict === 'allow'
  const decidedBy = isLifted ? [...verdict.decidedBy, nameOf(rule, view)] : verdict.decidedBy
  const guards = lastingGuards(verdict.guards, isLifted)
  const strength = verdict.strength === 'strict' ? 'strict' : parts.strengthAtLeast
  const isNoise =
    rule?.verdict === 'noise' &&
    strength === 'written' &&
    guards?.approval === undefined &&
    rewritten.hidden.length === 0 &&
    rewritten.text === reading.text &&
    !reading.changesState &&
    !reading.changesSchema &&
    onlyReads(reading.action.statements)
  const passed: Passed = {
    kind: 'passed',
    original: reading.text,
    text: rewritten.text,
    reading,
    reduceErrors: rewritten.reduceErrors,
    ...(rewritten.countTells === true && { countTells: true }),
    plan: planOf(parts, reading, rewritten.hidden, undefined, undefined, decidedBy),
    strength,
    under: view,
    ...(guards === undefined ? {} : { guards }),
    ...(isNoise ? { isNoise } : {}),
    ...(image === undefined ? {} : { image }),
  }
  // How rows are asked for follows from this very text.
  if (rewritten.splices && image === undefined) heed(passed, rewritten.splices)
  return passed
}

const imageOf = (
  { dialect, schema }: View,
  reading: Reading,
  sent: string,
  state: SqlState,
  rowsMax: number,
): ImageWish | undefined => dialect.imageOf?.(reading, sent, schema, state, rowsMax)

const sendAlone =
  'Of what an UPDATE or DELETE changes here, the rows are kept as they were before. Send the statement by itself.'

function stop(
  parts: JudgeParts,
  view: View,
  reading: Reading,
  code: Stopped['code'],
  message: string,
  position: number | undefined,
  decidedBy: readonly PolicyName[],
): Stopped {
  const plan = planOf(parts, reading, [], code, message, decidedBy)
  return {
    kind: 'stopped',
    original: reading.text,
    code,
    message,
    position,
    plan,
    strength: parts.strengthAtLeast,
    under: view,
  }
}

/** Refuses what would have passed, for something that changes from one time to the next. */
export function stopFor(passed: Passed, code: Stopped['code'], message: string, request?: number): Stopped {
  const plan: StatementPlan = { ...passed.plan, verdict: 'denied', code, reason: message }
  const { original, strength } = passed
  const asked = request === undefined ? {} : { request }
  return { kind: 'stopped', original, code, message, position: undefined, plan, strength, ...asked }
}

/** A syntax error repeats a piece of the text, which may be a value: told to its author, but not kept in clear. */
const quotedPiece = / at or near "[\s\S]*"/

/** Refuses what could not be read, also once a fresh picture of the tables did not help. */
export function stopUnread(parts: JudgeParts, text: string, unread: Unreadable): Stopped {
  const { code, message, position } = unread.problem
  const plan: StatementPlan = {
    shape: unread.shape,
    verb: '',
    tables: [],
    hidden: [],
    verdict: 'denied',
    code,
    reason: message.replace(quotedPiece, ''),
    decidedBy: [],
  }
  return { kind: 'stopped', original: text, code, message, position, plan, strength: parts.strengthAtLeast }
}

function planOf(
  parts: JudgeParts,
  reading: Reading,
  hidden: readonly string[],
  code: string | undefined,
  reason: string | undefined,
  decidedBy: readonly PolicyName[],
): StatementPlan {
  const tables = new Set<string>()
  for (const statement of reading.action.statements) {
    for (const use of statement.tables) tables.add(`${use.schema}.${use.table}`)
  }
  const plan: StatementPlan = {
    shape: reading.shape,
    verb: reading.action.statements.map(statement => statement.verb).join('; '),
    tables: [...tables].sort(),
    hidden,
    verdict: code === undefined ? 'allowed' : 'denied',
    code,
    reason,
    decidedBy,
  }
  const key = JSON.stringify(plan)
  const known = parts.plans.get(key)
  if (known !== undefined) return known
  parts.plans.set(key, plan)
  return plan
}
