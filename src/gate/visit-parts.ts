// What a visit needs from the gate that made it.

import type { Clock } from '../core/clock.ts'
import type { NewId } from '../core/ids.ts'
import type { Limits } from '../core/limits.ts'
import type { Session } from '../core/session.ts'
import type { JudgeParts } from './judge.ts'
import type { Meter } from './meter.ts'
import type { RecordTrail } from './record-trail.ts'
import type { GateEvent } from './running.ts'
import type { Snapshots } from './snapshots.ts'
import type { View } from './view.ts'
import type { OpenVisit } from './visit.ts'
import type { VisitGuardsParts } from './visit-guards.ts'

export interface VisitParts extends VisitGuardsParts {
  readonly judging: JudgeParts
  readonly trail: RecordTrail
  /** Missing: rows cannot be kept, and what would need it is not let through. */
  readonly snapshots?: Snapshots | undefined
  readonly clock: Clock
  readonly newId: NewId
  readonly limits: Limits
  readonly meter: Meter
  /** What is in force now, if it is known without waiting; `undefined`: ask `freshView`. */
  readonly currentView: (session: Session, last: View) => View | undefined
  /** Looks again at whatever changed. @throws GatewayError `connect.denied | target.schema-unavailable` */
  readonly freshView: (session: Session) => Promise<View>
  /** The picture of the tables is outdated. */
  readonly outdateSchema: (session: Session) => void
  /** Whether a name that the picture does not know may make it be taken anew now: not again and again. */
  readonly mayLookAgain: (session: Session) => boolean
  /** Nothing is running any more. */
  readonly idle: (visit: OpenVisit) => void
  readonly left: (visit: OpenVisit) => void
  /** Whether somebody watches statements pass. */
  readonly isWatched: () => boolean
  readonly tell: (event: GateEvent) => void
}
