// A policy as a form has it: who, what, where, when, and what is asked in return. What no field can say stays Cedar text.

export type PlaceType = 'Target' | 'Schema' | 'Table' | 'Column' | 'Tag'

/** Something that a policy is about. */
export interface FormPlace {
  readonly type: PlaceType
  /** Names from the outside in: `['shop', 'public', 'orders']`; of a tag its one name. */
  readonly path: readonly string[]
  /** This thing itself and not what lies in it (`==` in place of `in`); only where it is the only place. */
  readonly exact: boolean
}

export interface FormPerson {
  readonly kind: 'user' | 'group'
  readonly name: string
}

export type TimeFact = 'hour' | 'localHour' | 'weekday' | 'localWeekday'
export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!='

/** One condition; all of a list must hold. */
export type FormCondition =
  | { readonly kind: 'administrator'; readonly is: boolean }
  | { readonly kind: 'person'; readonly is: boolean; readonly people: readonly FormPerson[] }
  | { readonly kind: 'place'; readonly is: boolean; readonly places: readonly FormPlace[] }
  /** A tag of the target: that it has one of the values, or is not known to (also where it has no such tag). */
  | { readonly kind: 'tag'; readonly is: boolean; readonly tag: string; readonly values: readonly string[] }
  | {
      readonly kind: 'time'
      readonly fact: TimeFact
      readonly comparison: Comparison
      readonly value: number
    }
  /** As Cedar writes it: `2027-01-01` or `2027-01-01T00:00:00Z`. */
  | { readonly kind: 'date'; readonly comparison: '<' | '>='; readonly value: string }
  /** The client's address is known and (not) in one of the ranges. */
  | { readonly kind: 'address'; readonly is: boolean; readonly ranges: readonly string[] }
  | { readonly kind: 'console'; readonly is: boolean }
  | { readonly kind: 'reason'; readonly is: boolean }
  /** `*` stands for anything. */
  | { readonly kind: 'program'; readonly is: boolean; readonly pattern: string }
  /** What no other kind can say. */
  | { readonly kind: 'cedar'; readonly text: string }

export interface PolicyForm {
  readonly name: string
  readonly effect: 'permit' | 'forbid'
  /** Switched off: kept and checked, and decides nothing. */
  readonly disabled: boolean
  /** Empty: everybody. */
  readonly who: readonly FormPerson[]
  /** Names of actions, `write` among them; empty: every action. */
  readonly actions: readonly string[]
  /** Empty: everywhere. */
  readonly where: readonly FormPlace[]
  /** All must hold. */
  readonly conditions: readonly FormCondition[]
  /** It does not hold where all of any of these lists holds. */
  readonly exceptions: readonly (readonly FormCondition[])[]
  /** Every annotation but `@id` and `@disabled`. */
  readonly annotations: Readonly<Record<string, string | null>>
}

/** Why a policy has no form. */
export type OnlyAsText = 'unreadable' | 'comment' | 'scope' | 'form'

export type FormReading =
  | { readonly kind: 'form'; readonly form: PolicyForm }
  | { readonly kind: 'only-as-text'; readonly why: OnlyAsText }
