// What the server counts about itself, in Prometheus' text form.

import { collectDefaultMetrics, Counter, Gauge, type Histogram, Registry } from 'prom-client'
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
  const durations = countDurations(registry)
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
        durations(outcome.durationMs / 1000)
        counted.rows += outcome.rows
        counted.bytes += outcome.bytes
        if (outcome.result !== 'ok') counted.failed += 1
      },
      visits: open => sessions.set(open),
    },
    text: () => registry.metrics(),
  }
}

const durationName = 'sekisho_statement_duration_seconds'
const bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 30, 300]

/** A histogram that is counted for every statement at next to no cost. @returns what takes a duration in seconds */
function countDurations(registry: Registry): (seconds: number) => void {
  const counts = new Float64Array(bounds.length + 1)
  let sum = 0
  const values = () => {
    let count = 0
    const buckets = [...bounds, '+Inf'].map((le, index) => {
      count += counts[index] ?? 0
      return { metricName: `${durationName}_bucket`, labels: { le }, value: count }
    })
    const rest = { sum, count }
    return [
      ...buckets,
      ...Object.entries(rest).map(([of, value]) => ({
        metricName: `${durationName}_${of}`,
        labels: {},
        value,
      })),
    ]
  }
  const facts = { name: durationName, help: 'From sending a statement to its end', type: 'histogram' }
  const metric = { ...facts, aggregator: 'sum', get: async () => ({ ...facts, values: values() }) }
  // The registry asks no more of a metric than this; the type wants the library's own class.
  registry.registerMetric(metric as unknown as Histogram)
  return seconds => {
    let bucket = 0
    while (seconds > (bounds[bucket] ?? Number.POSITIVE_INFINITY)) bucket += 1
    counts[bucket] = (counts[bucket] ?? 0) + 1
    sum += seconds
  }
}
