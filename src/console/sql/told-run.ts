// What a page is told of a running text: batches of rows up to its limits, each result with its end and what of it is masked.

import type { VisitNews } from '../../gate/gate.ts'
import type { ResultColumn, RunEvent } from '../contract.ts'
import { maskedColumns } from './masked-columns.ts'
import type { RunError, RunListener, Transaction } from './target-connection.ts'

export interface RunLimits {
  readonly rowsMax: number
  readonly bytesMax: number
  readonly batchRowsMax: number
}

export interface RunHearer {
  event(event: RunEvent): void
  /** So many rows were left out that the rest is not worth waiting for. */
  enough(): void
  settled(transaction: Transaction): void
}

type Judgement = Extract<VisitNews, { readonly kind: 'judged' }>

/** Rows beyond those shown that are read to find the end of a statement, in multiples of those shown. */
const readOnFactor = 10

export class ToldRun implements RunListener {
  readonly #limits: RunLimits
  readonly #hearer: RunHearer
  readonly #nowMs: () => number
  /** Characters that stand in front of the text that was given. */
  readonly #shift: number
  readonly #declared: Set<string>
  #judgement: Judgement | undefined
  #statement = 0
  #startedMs: number
  #batch: (readonly (string | null)[])[] = []
  #rows = 0
  #bytes = 0
  #truncated = false
  #silent = false

  /** @param declared  hidden columns of the session's cursors, added to */
  constructor(
    limits: RunLimits,
    nowMs: () => number,
    hearer: RunHearer,
    shift: number,
    declared: Set<string>,
  ) {
    this.#declared = declared
    this.#limits = limits
    this.#hearer = hearer
    this.#nowMs = nowMs
    this.#shift = shift
    this.#startedMs = nowMs()
  }

  /** The gate has judged the text. */
  judged(judgement: Judgement): void {
    this.#judgement = judgement
    const { plan } = judgement.judged
    if (/DECLARE|PREPARE/.test(plan.verb)) for (const column of plan.hidden) this.#declared.add(column)
  }

  /** What the target still says about the text is no news. */
  silence(): void {
    this.flush()
    this.#silent = true
  }

  columns(columns: readonly ResultColumn[]): void {
    if (this.#silent) return
    const masked =
      this.#judgement && maskedColumns(this.#judgement, this.#statement, columns.length, this.#declared)
    this.#hearer.event({
      kind: 'columns',
      statement: this.#statement,
      columns: masked
        ? columns.map((column, at) => ({ ...column, ...(masked[at] ? { masked: masked[at] } : {}) }))
        : columns,
    })
  }

  row(row: readonly (string | null)[]): void {
    if (this.#silent) return
    const { rowsMax, bytesMax, batchRowsMax } = this.#limits
    this.#rows += 1
    for (const value of row) this.#bytes += value?.length ?? 0
    if (this.#rows > rowsMax || this.#bytes > bytesMax) {
      this.#truncated = true
      if (this.#rows === rowsMax * readOnFactor) this.#hearer.enough()
      return
    }
    this.#batch.push(row)
    if (this.#batch.length >= batchRowsMax) this.flush()
  }

  flush(): void {
    if (this.#batch.length === 0) return
    this.#hearer.event({ kind: 'rows', statement: this.#statement, rows: this.#batch })
    this.#batch = []
  }

  done(command: string, rows = this.#rows): void {
    if (this.#silent) return
    this.flush()
    const nowMs = this.#nowMs()
    this.#hearer.event({
      kind: 'done',
      statement: this.#statement,
      command,
      rows,
      truncated: this.#truncated,
      durationMs: Math.round((nowMs - this.#startedMs) * 1000) / 1000,
    })
    this.#statement += 1
    this.#startedMs = nowMs
    this.#rows = 0
    this.#truncated = false
  }

  notice(message: string): void {
    if (this.#silent) return
    this.#hearer.event({ kind: 'notice', message })
  }

  failed(error: RunError): void {
    if (this.#silent) return
    this.flush()
    const judged = this.#judgement?.judged
    const stopped = judged?.kind === 'stopped' && error.refused ? judged : undefined
    const at = error.position === undefined ? undefined : error.position - this.#shift
    this.#hearer.event({
      kind: 'error',
      statement: this.#statement,
      ...error,
      position: at !== undefined && at > 0 ? at : undefined,
      ...(stopped ? { decidedBy: stopped.plan.decidedBy.map(policy => policy.name) } : {}),
      ...(stopped?.request === undefined ? {} : { request: stopped.request }),
    })
  }

  settled(transaction: Transaction): void {
    this.#hearer.settled(transaction)
  }
}
