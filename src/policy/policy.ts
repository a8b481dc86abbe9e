// The policy room's words: requests, decisions, and a compiled set of policies.

import type { Action } from '../core/action.ts'
import type { Target } from '../core/target.ts'
import type { User } from '../core/user.ts'
import type { AuditStrength, MaskShape, PolicyName, Sight, Verdict } from '../core/verdict.ts'
import type { FormReading, PolicyForm } from './form.ts'

/** Facts of the moment, for `context` in policies. */
export interface PolicyContext {
  readonly nowMs: number
  /** Address of the client; `console` for the SQL editor. */
  readonly address: string
  readonly program: string
  /** Zone of `context.localHour` and `context.localWeekday`, `Asia/Tokyo`; UTC if none is set. */
  readonly timeZone?: string
  /** Whether the statement says why it is run; see `@require_reason`. */
  readonly hasReason?: boolean
  /** Whether somebody approved this very statement; see `@approval`. */
  readonly isApproved?: boolean
}

/** Who asks to do what where. */
export interface Asker {
  readonly user: User
  readonly target: Target
  readonly context: PolicyContext
}

/** A tag as an administrator defines it. Dots make a tree: `pii.email` is in `pii`. */
export interface TagDefinition {
  readonly name: string
  readonly description: string
  /** Whether columns that carry it are hidden from everybody whom no policy permits to `reveal` them. */
  readonly sensitive: boolean
  readonly mask: MaskShape
}

/** Tags of the columns of one target, partitions and inheritance children already included. */
export interface ColumnTags {
  /** Differs whenever any tag differs. */
  readonly version: string
  /** Tables with at least one tagged column. */
  readonly tables: readonly {
    readonly schema: string
    readonly table: string
    readonly columns: ReadonlyMap<string, readonly TagDefinition[]>
  }[]
}

/** Policies that passed the check, compiled into closures. Immutable. */
export interface PolicySet {
  readonly version: number
  /** Whether any policy looks at facts that change within a session (`context.now` …). */
  readonly volatile: boolean
  /** Whether any policy looks at `context.approved`: what is denied may be permitted once it is approved. */
  readonly looksAtApproval: boolean
  /**
   * Default deny, `forbid` wins. Every table, effect and statement of the action must be permitted, and no column that it
   * reads or writes forbidden.
   * @param tags of the target's columns, for policies that forbid by tag
   */
  judge(asker: Asker, action: Action, tags?: ColumnTags): Verdict
  /** Whether policies want everything that this person does at the target to be reading, so that the session can be made so. */
  isReadOnly(asker: Asker): boolean
  /** What this person may see of the target: tagged columns without a `reveal`, and row filters. */
  see(asker: Asker, tags: ColumnTags): Sight
}

/** Where the text of a policy is wrong; `line` and `column` count from 1. */
export interface PolicyProblem {
  readonly severity: 'error' | 'warning'
  readonly message: string
  readonly line: number
  readonly column: number
}

/** One policy of a set, as people see it. */
export interface PolicyMeaning {
  /** Its `@id`. */
  readonly name: string
  readonly effect: 'permit' | 'forbid'
  /** Plain words in the language asked for. */
  readonly meaning: string
  readonly rowFilter: string | undefined
  readonly rowLimit: number | undefined
  readonly strength: AuditStrength | undefined
}

/** One piece of the text that is meant as a policy, readable or not. */
export interface PolicyPart {
  /** Where it stands in the text, comments before it included, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** Where its first word is. */
  readonly head: number
  /** Its `@id`; empty if it has none. */
  readonly name: string
  /** Missing: it cannot be read. */
  readonly effect: 'permit' | 'forbid' | undefined
  readonly disabled: boolean
  readonly meaning: string | undefined
  /** Groups and users that it names; empty: it is for everybody. */
  readonly people: readonly string[]
  /** Targets that it names; empty: it is for all. */
  readonly targets: readonly string[]
  /** Empty: every action. */
  readonly actions: readonly string[]
}

export interface PolicyCheck {
  readonly problems: readonly PolicyProblem[]
  /** One for each policy that could be read. */
  readonly meanings: readonly PolicyMeaning[]
  readonly parts: readonly PolicyPart[]
}

export type Language = 'en' | 'ja'

/** What `policy/` offers to the floors above; made by `createPolicyLanguage`. */
export interface PolicyLanguage {
  /** Type-checks the text of a whole set against Sekisho's schema. Never throws. */
  check(text: string, language: Language): PolicyCheck
  /** @throws GatewayError `request.invalid` if `check` finds errors */
  compile(text: string, version: number): PolicySet
  format(text: string): string
  /** One policy as a form. Never throws. */
  readForm(text: string): FormReading
  /** The text of one policy. @throws GatewayError `request.invalid` if what the form says is not one policy */
  writeForm(form: PolicyForm): string
}

export type { PolicyName }
