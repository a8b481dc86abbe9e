// What the server counts about itself, in Prometheus' text form.

import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { Meter } from '../gate/meter.ts'

export interface Metrics {
  readonly meter: Meter
  text(): Promise<string>
}

/** @param waiting  events on the journal that the server database does not have yet */
export function createMetrics(version: string, waiting: () => number): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const registers = [registry]
  new Gauge({
    name: 'sekisho_build_info',
    help: 'Version of the server',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1)
  const statements = new Counter({
    name: 'sekisho_statements_total',
    help: 'Statements judged',
    labelNames: ['verdict'],
    registers,
  })
  const allowed = statements.labels('allowed')
  const denied = statements.labels('denied')
  const failed = new Counter({
    name: 'sekisho_statement_errors_total',
    help: 'Statements that the target answered with an error',
    registers,
  })
  const seconds = new Histogram({
    name: 'sekisho_statement_duration_seconds',
    help: 'From sending a statement to its end',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300],
    registers,
  })
  const rows = new Counter({ name: 'sekisho_rows_total', help: 'Rows that came back', registers })
  const bytes = new Counter({ name: 'sekisho_answer_bytes_total', help: 'Bytes that came back', registers })
  const sessions = new Gauge({ name: 'sekisho_sessions_open', help: 'Sessions at targets', registers })
  const behind: Gauge = new Gauge({
    name: 'sekisho_audit_waiting_events',
    help: 'Audit events on the journal that the server database does not have yet',
    registers,
    collect: () => behind.set(waiting()),
  })
  return {
    meter: {
      statement: verdict => (verdict === 'allowed' ? allowed : denied).inc(),
      ended(outcome) {
        seconds.observe(outcome.durationMs / 1000)
        rows.inc(outcome.rows)
        bytes.inc(outcome.bytes)
        if (outcome.result !== 'ok') failed.inc()
      },
      visits: open => sessions.set(open),
    },
    text: () => registry.metrics(),
  }
}
