// The part of the contract about working on policies: forms, differences, trying out, replaying. Types only.

import type { Trial, TrialColumn } from '../../gate/gate.ts'
import type { QueryRule } from '../../gate/rules.ts'
import type { ChangedPlace, Difference, RightChange } from '../../policy/difference.ts'
import type {
  FormCondition,
  FormPerson,
  FormPlace,
  FormReading,
  OnlyAsText,
  PolicyForm,
} from '../../policy/form.ts'
import type { PolicyPart } from '../../policy/policy.ts'
import type { Decider, ReachState, Terms } from '../../policy/reach.ts'
import type { Stream } from '../contract.ts'

export type {
  ChangedPlace,
  Decider,
  Difference,
  FormCondition,
  FormPerson,
  FormPlace,
  FormReading,
  OnlyAsText,
  PolicyForm,
  PolicyPart,
  ReachState,
  RightChange,
  Terms,
  Trial,
  TrialColumn,
}

/** A saved version, or a text that need not be saved. */
export type PolicySource = { readonly version: number } | { readonly text: string }

export interface TryInput {
  readonly targetId: string
  /** Missing: oneself. */
  readonly userName?: string
  /** One after the other in one session. */
  readonly statements: readonly string[]
  /** Text of policies in place of those in force. */
  readonly policies?: string
  readonly rules?: readonly QueryRule[]
}

export type TryResult =
  | { readonly kind: 'tried'; readonly trials: readonly Trial[] }
  /** Not even let in. */
  | { readonly kind: 'turned-away'; readonly message: string; readonly decidedBy: readonly string[] }

export interface ReplayInput {
  /** The draft. */
  readonly text: string
  readonly days: number
  readonly userName?: string
  readonly targetName?: string
}

/** What the draft does to real statements that the policies in force do not. */
export type ReplayChange = 'refused' | 'allowed' | 'hidden' | 'revealed' | 'approval' | 'rewritten'

export interface ReplayFinding {
  readonly change: ReplayChange
  readonly userName: string
  readonly targetName: string
  readonly shape: string
  readonly verb: string
  /** Recorded statements of this kind. */
  readonly count: number
  readonly firstAtMs: number
  readonly lastAtMs: number
  /** The newest of them, in the audit. */
  readonly exampleId: string
  readonly example: string
  /** Columns that would newly be masked or shown. */
  readonly columns: readonly string[]
  /** Why it would be refused, or is refused now. */
  readonly message: string | undefined
  readonly decidedBy: readonly string[]
}

/** Statements that could not be tried, by reason. */
export type ReplaySkip = 'user-gone' | 'target-gone' | 'target-unreachable' | 'no-text' | 'too-many-kinds'

export type ReplayEvent =
  | {
      readonly kind: 'progress'
      readonly statements: number
      readonly shapes: number
      /** Time of the oldest statement read so far: the replay goes back in time. */
      readonly atMs: number
      readonly fromMs: number
    }
  | { readonly kind: 'finding'; readonly finding: ReplayFinding }
  /** Of findings that were told: more statements of that kind were met. */
  | {
      readonly kind: 'done'
      readonly statements: number
      readonly shapes: number
      readonly changed: number
      readonly skipped: readonly { readonly why: ReplaySkip; readonly count: number }[]
      /** Whether there were more statements than are looked at. */
      readonly truncated: boolean
      readonly durationMs: number
    }
  | { readonly kind: 'failed'; readonly message: string }

export interface PolicyWorkRoutes {
  'POST /api/policies/form': { in: { text: string }; out: FormReading }
  'POST /api/policies/write': { in: { form: PolicyForm }; out: { text: string } }
  /** What the second permits and the first does not, and the other way round, over all that is known now. */
  'POST /api/policies/difference': { in: { before: PolicySource; after: PolicySource }; out: Difference }
  /** What would happen to statements. Nothing is sent; on record is only that it was tried. */
  'POST /api/policies/try': { in: TryInput; out: TryResult }
  /** Runs a draft over recorded statements. Closing the request stops it. */
  'POST /api/policies/replay': { in: ReplayInput; out: Stream<ReplayEvent> }
}
