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
  // Counted as plain numbers, since it is done for every statement, and handed over when somebody asks.
  const counted = { allowed: 0, denied: 0, failed: 0, rows: 0, bytes: 0 }
  const statements: Counter = new Counter({
    name: 'sekisho_statements_total',
    help: 'Statements judged',
    labelNames: ['verdict'],
    registers,
    collect() {
      statements.reset()
      statements.inc({ verdict: 'allowed' }, counted.allowed)
      statements.inc({ verdict: 'denied' }, counted.denied)
    },
  })
  const total = (name: string, help: string, key: 'failed' | 'rows' | 'bytes') =>
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset()
        this.inc(counted[key])
      },
    })
  total('sekisho_statement_errors_total', 'Statements that the target answered with an error', 'failed')
  const seconds = new Histogram({
    name: 'sekisho_statement_duration_seconds',
    help: 'From sending a statement to its end',
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300],
    registers,
  })
  total('sekisho_rows_total', 'Rows that came back', 'rows')
  total('sekisho_answer_bytes_total', 'Bytes that came back', 'bytes')
  const sessions = new Gauge({ name: 'sekisho_sessions_open', help: 'Sessions at targets', registers })
  const behind: Gauge = new Gauge({
    name: 'sekisho_audit_waiting_events',
    help: 'Audit events on the journal that the server database does not have yet',
    registers,
    collect: () => behind.set(waiting()),
  })
  return {
    meter: {
      statement(verdict) {
        counted[verdict] += 1
      },
      ended(outcome) {
        seconds.observe(outcome.durationMs / 1000)
        counted.rows += outcome.rows
        counted.bytes += outcome.bytes
        if (outcome.result !== 'ok') counted.failed += 1
      },
      visits: open => sessions.set(open),
    },
    text: () => registry.metrics(),
  }
}
