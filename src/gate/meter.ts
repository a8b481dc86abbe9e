// What the gate counts. `main` hands in the metrics.

import type { Outcome } from './gate.ts'

export interface Meter {
  statement(verdict: 'allowed' | 'denied'): void
  ended(outcome: Outcome): void
  visits(open: number): void
}
