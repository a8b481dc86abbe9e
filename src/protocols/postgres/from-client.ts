// What the client says: walked message by message, judged, and sent on as it is, rewritten, or refused in its place.

import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Judged, Passed, Stopped } from '../../gate/gate.ts'
import type { SqlState } from '../../sql/dialect.ts'
import { ByteReader } from '../../wire/byte-reader.ts'
import { Gatherer } from '../../wire/gatherer.ts'
import type { Departures } from './batch.ts'
import { Batch } from './batch.ts'
import {
  encodeCloseStatement,
  encodeFlush,
  encodeParse,
  encodeQuery,
  fromClient,
  headBytes,
} from './codec.ts'
import { decodeName, decodeText, endOfText, violation } from './client-text.ts'
import type { Conversation } from './conversation.ts'
import { Answer } from './expected.ts'
import {
  afterSync,
  alreadyThere,
  boundTooLongAgo,
  noFunctionCalls,
  noSuchPortal,
  noSuchStatement,
  takenInSql,
  tooMany,
} from './name-refusals.ts'
import type { Keeping, Kept } from './keeping.ts'
import type { Bound, Portal, Statement } from './prepared.ts'
import type { Refusal } from './refuse.ts'
import { wordStopped } from './refuse.ts'

/** No statement at all, so that the target answers with an error wherever it stands: a refusal travels as that error. */
const refusedText = 'sekisho: refused'
const noTypes = Buffer.from([0, 0])
const refusedQuery = encodeQuery(refusedText)
const refusedParse = encodeParse('sekisho', refusedText, noTypes)
const flush = encodeFlush()

/** The message must wait, and is walked again later. */
const wait = Symbol('wait')

export class FromClient {
  readonly #conversation: Conversation
  readonly #departures: Departures
  readonly #limits: Limits
  /** The start of a message whose end has not come yet, and the bytes it takes. */
  readonly #rest = new Gatherer()
  #restNeeds = 0
  /** Bytes still to come of a message that is passed on without being looked at. */
  #passing = 0
  /** That message is left out. */
  #passingOut = false
  /** Chunks that came while a message waits, that message first. */
  #later: Buffer[] = []
  #laterBytes = 0
  #waiting = false
  /** What was done about the message that waited, beside the rest of the walk. */
  #kept: Kept | undefined
  readonly #keeping: Keeping
  /** What judging said, for the message that waited for it. */
  #settled: Judged | undefined
  /** Something was refused: everything up to the next `Sync` is left out, as the target would. */
  #skipping = false
  #batch = new Batch()
  /** First byte of the chunk that is neither in the batch nor left out. */
  #from = 0
  /** The client said goodbye. */
  terminated = false
  readonly #fail: (error: unknown) => void

  constructor(
    conversation: Conversation,
    departures: Departures,
    keeping: Keeping,
    limits: Limits,
    fail: (error: unknown) => void,
  ) {
    this.#conversation = conversation
    this.#departures = departures
    this.#keeping = keeping
    this.#limits = limits
    this.#fail = fail
  }

  /** Bytes of the client that have not left for the target. */
  get waitingBytes(): number {
    return this.#laterBytes + this.#departures.waitingBytes
  }

  /** Whether something that the client said is still here. */
  get isBusy(): boolean {
    return this.#waiting || this.#departures.isBusy
  }

  /** @throws GatewayError `protocol.violation | limit.exceeded` */
  feed(chunk: Buffer): void {
    if (this.#waiting) {
      this.#later.push(chunk)
      this.#laterBytes += chunk.length
    } else if (this.#rest.length > 0) {
      this.#rest.add(chunk)
      if (this.#rest.length >= this.#restNeeds) this.#walk(this.#rest.take())
    } else this.#walk(chunk)
  }

  #walk(chunk: Buffer): void {
    let at = 0
    this.#from = 0
    if (this.#passing > 0) {
      at = Math.min(this.#passing, chunk.length)
      this.#passing -= at
      if (this.#passingOut) this.#from = at
    }
    while (chunk.length - at >= headBytes && !this.terminated) {
      const size = 1 + chunk.readInt32BE(at + 1)
      if (size < headBytes) throw violation('a message with a negative length.')
      const next = at + size
      if (next > chunk.length) {
        if (chunk[at] === fromClient.copyData) {
          this.#passingOut = this.#isSkipping
          if (this.#passingOut) this.#leaveOut(chunk, at, chunk.length)
          this.#passing = next - chunk.length
          at = chunk.length
        } else if (size > this.#limits.messageBytesMax)
          throw new GatewayError('limit.exceeded', `a message of ${size} bytes.`)
        else this.#restNeeds = size
        break
      }
      if (this.#message(Number(chunk[at]), chunk, at, next) === wait) {
        this.#suspend(chunk, at)
        return
      }
      at = next
    }
    if (at > this.#from) this.#batch.add(chunk.subarray(this.#from, at))
    if (at < chunk.length && !this.terminated) {
      if (chunk.length - at < headBytes) this.#restNeeds = headBytes
      this.#rest.add(chunk.subarray(at))
    }
    this.#depart()
  }

  #depart(): void {
    const batch = this.#batch
    if (batch.pieces.length === 0 && batch.judged.length === 0) return
    this.#batch = new Batch()
    this.#departures.depart(batch)
  }

  /** What came before leaves; the message at `at` and all behind it waits for `resume`. */
  #suspend(chunk: Buffer, at: number): void {
    if (at > this.#from) this.#batch.add(chunk.subarray(this.#from, at))
    this.#waiting = true
    this.#later.unshift(chunk.subarray(at))
    this.#laterBytes += chunk.length - at
    if (this.#conversation.onSettled) this.#batch.add(flush)
    this.#depart()
  }

  #resume(): void {
    this.#waiting = false
    this.#conversation.onSettled = undefined
    const later = this.#later
    this.#later = []
    this.#laterBytes = 0
    for (const chunk of later) this.feed(chunk)
    this.#departures.onRelief()
  }

  /** Whether we refused something, or the target did, and everything up to the next `Sync` is left out. */
  get #isSkipping(): boolean {
    return this.#skipping || this.#conversation.targetSkips
  }

  #message(type: number, chunk: Buffer, at: number, next: number): typeof wait | undefined {
    if (this.#kept) return this.#wasKept(this.#kept, type, chunk, at, next)
    if (this.#isSkipping && type !== fromClient.sync && type !== fromClient.terminate) {
      this.#settled = undefined
      this.#leaveOut(chunk, at, next)
      return undefined
    }
    // To bytes that these should not have, a target answers with an error that belongs to no message.
    if (isBare(type) && next - at !== headBytes)
      throw violation('a message with bytes that it should not have.')
    if (this.#conversation.copyIn && isStatementMessage(type))
      throw violation('a statement in the middle of COPY data.')
    switch (type) {
      case fromClient.query:
        return this.#query(chunk, at, next)
      case fromClient.parse:
        return this.#parse(chunk, at, next)
      case fromClient.bind:
        return this.#bind(chunk, at, next)
      case fromClient.execute:
        return this.#execute(chunk, at, next)
      case fromClient.describe:
        this.#conversation.expected.push(new Answer('describe', undefined))
        return undefined
      case fromClient.close:
        this.#close(chunk, at, next)
        return undefined
      case fromClient.sync:
        return this.#sync(chunk, at, next)
      case fromClient.copyDone:
      case fromClient.copyFail:
        if (this.#conversation.copyIn) this.#conversation.copyIn = false
        else this.#conversation.expected.push(new Answer('copy-end', undefined))
        return undefined
      case fromClient.flush:
      case fromClient.copyData:
        return undefined
      case fromClient.terminate:
        this.terminated = true
        return undefined
      case fromClient.functionCall:
        this.#conversation.sentSyncs++
        this.#refuseQuery(chunk, at, next, noFunctionCalls, undefined)
        return undefined
      default:
        throw violation(`a message of an unknown type (${type}).`)
    }
  }

  #query(chunk: Buffer, at: number, next: number): typeof wait | undefined {
    if (this.#conversation.ownBlock) throw violation('a simple query in the middle of a pipeline.')
    const judged = this.#judge(decodeText(chunk, at + headBytes, next))
    if (!judged) return wait
    const { expected, prepared } = this.#conversation
    if (judged.kind === 'passed' && judged.image?.kind === 'image') {
      const { image } = judged
      return this.#keep(judged, () => this.#keeping.query(judged, image))
    }
    prepared.dropUnnamed()
    this.#conversation.sentSyncs++
    if (judged.kind === 'stopped') {
      this.#refuseQuery(chunk, at, next, wordStopped(judged), judged)
      return undefined
    }
    const answer = new Answer('query', judged)
    this.#sends(judged, answer)
    expected.push(answer)
    if (judged.text !== judged.original) this.#replace(chunk, at, next, encodeQuery(judged.text))
    return undefined
  }

  #parse(chunk: Buffer, at: number, next: number): typeof wait | undefined {
    const { expected, prepared } = this.#conversation
    const nameEnd = endOfText(chunk, at + headBytes, next)
    const name = decodeName(chunk, at + headBytes, nameEnd)
    const textEnd = endOfText(chunk, nameEnd, next)
    const before = prepared.statement(name)
    if (name !== '' && before) {
      this.#refuse(chunk, at, next, alreadyThere(name), undefined)
      return undefined
    }
    if (name !== '' && prepared.size >= this.#limits.preparedPerSessionMax) {
      this.#refuse(chunk, at, next, tooMany, undefined)
      return undefined
    }
    if (prepared.isTakenInSql(name)) {
      this.#refuse(chunk, at, next, takenInSql(name), undefined)
      return undefined
    }
    const judged = this.#judge(decodeText(chunk, nameEnd, textEnd))
    if (!judged) return wait
    if (judged.kind === 'stopped') {
      this.#refuse(chunk, at, next, wordStopped(judged), judged)
      return undefined
    }
    const types = next - textEnd === 2 ? noTypes : Buffer.from(chunk.subarray(textEnd, next))
    const now: Statement = {
      judged,
      state: this.#conversation.state,
      sentText: judged.text,
      types,
      sync: this.#conversation.sentSyncs + 1,
      known: false,
    }
    prepared.setStatement(name, now)
    const answer = new Answer('parse', judged)
    answer.undo = { kind: 'statement', name, now, before }
    if (judged.reduceErrors) this.#conversation.reducing = true
    expected.push(answer)
    if (judged.text !== judged.original) this.#replace(chunk, at, next, encodeParse(name, judged.text, types))
    return undefined
  }

  #bind(chunk: Buffer, at: number, next: number): typeof wait | undefined {
    const { expected, prepared, sentSyncs } = this.#conversation
    const portalEnd = endOfText(chunk, at + headBytes, next)
    const portalName = decodeName(chunk, at + headBytes, portalEnd)
    const name = decodeName(chunk, portalEnd, endOfText(chunk, portalEnd, next))
    const statement = prepared.statement(name)
    if (!statement) {
      this.#refuse(chunk, at, next, noSuchStatement(name), undefined)
      return undefined
    }
    if (prepared.isTakenInSql(portalName)) {
      this.#refuse(chunk, at, next, takenInSql(portalName), undefined)
      return undefined
    }
    if (portalName !== '' && prepared.size >= this.#limits.preparedPerSessionMax) {
      this.#refuse(chunk, at, next, tooMany, undefined)
      return undefined
    }
    // Behind a Sync an error of its Parse would no longer make the target skip this.
    if (!statement.known && statement.sync !== sentSyncs + 1 && expected.size > 0)
      return this.#waitForAnswers()
    const judged = this.#rejudge(statement.judged, statement.state)
    if (!judged) return wait
    if (judged.kind === 'stopped') {
      this.#refuse(chunk, at, next, wordStopped(judged), judged)
      return undefined
    }
    statement.judged = judged
    statement.state = this.#conversation.state
    if (judged.text !== statement.sentText) this.#prepareAnew(chunk, at, name, statement)
    const before = prepared.portal(portalName)
    const now: Portal = { judged, state: this.#conversation.state, sync: sentSyncs + 1 }
    if (judged.image?.kind === 'image') now.bound = decodeBound(chunk, at + headBytes, next, statement.types)
    prepared.setPortal(portalName, now)
    const answer = new Answer('bind', judged)
    answer.undo = { kind: 'portal', name: portalName, now, before }
    if (judged.reduceErrors) this.#conversation.reducing = true
    expected.push(answer)
    return undefined
  }

  /** What is hidden changed since the statement was prepared: it is prepared again, unseen by the client. */
  #prepareAnew(chunk: Buffer, at: number, name: string, statement: Statement): void {
    const { expected } = this.#conversation
    const close = new Answer('close', undefined)
    const parse = new Answer('parse', statement.judged)
    close.swallowed = true
    parse.swallowed = true
    close.undo = { kind: 'statement', name, now: undefined, before: { ...statement } }
    parse.undo = { kind: 'statement', name, now: statement, before: undefined }
    statement.sentText = statement.judged.text
    statement.sync = this.#conversation.sentSyncs + 1
    statement.known = false
    expected.push(close)
    expected.push(parse)
    this.#insert(chunk, at, encodeCloseStatement(name))
    this.#insert(chunk, at, encodeParse(name, statement.judged.text, statement.types))
  }

  #execute(chunk: Buffer, at: number, next: number): typeof wait | undefined {
    const name = decodeName(chunk, at + headBytes, endOfText(chunk, at + headBytes, next))
    const portal = this.#conversation.prepared.portal(name)
    if (!portal) {
      this.#refuse(chunk, at, next, noSuchPortal(name), undefined)
      return undefined
    }
    const bound = portal.judged
    const judged = this.#conversation.visit.isStale(bound) ? this.#judge(bound.original, portal.state) : bound
    if (!judged) return wait
    if (judged.kind === 'stopped') {
      this.#refuse(chunk, at, next, wordStopped(judged), judged)
      return undefined
    }
    if (judged.text !== bound.text) {
      this.#refuse(chunk, at, next, boundTooLongAgo, undefined)
      return undefined
    }
    portal.judged = judged
    if (this.#conversation.ownBlock && endsBlock(judged)) {
      this.#refuse(chunk, at, next, afterSync, undefined)
      return undefined
    }
    if (judged.image?.kind === 'image' && portal.bound) {
      const { image } = judged
      const { bound } = portal
      const execute = Buffer.from(chunk.subarray(at, next))
      return this.#keep(judged, () => {
        portal.bound = undefined
        return this.#keeping.execute(judged, image, bound, execute)
      })
    }
    const answer = new Answer('execute', judged)
    this.#sends(judged, answer)
    this.#conversation.expected.push(answer)
    return undefined
  }

  #close(chunk: Buffer, at: number, next: number): void {
    const { expected, prepared } = this.#conversation
    const name = decodeName(chunk, at + headBytes + 1, endOfText(chunk, at + headBytes + 1, next))
    const answer = new Answer('close', undefined)
    if (chunk[at + headBytes] === 0x53) {
      answer.undo = { kind: 'statement', name, now: undefined, before: prepared.statement(name) }
      prepared.setStatement(name, undefined)
    } else {
      answer.undo = { kind: 'portal', name, now: undefined, before: prepared.portal(name) }
      prepared.setPortal(name, undefined)
    }
    expected.push(answer)
  }

  /** What the walk does with a message that another part took care of. */
  #wasKept(kept: Kept, type: number, chunk: Buffer, at: number, next: number): undefined {
    this.#kept = undefined
    if (kept.kind === 'sent') this.#leaveOut(chunk, at, next)
    else if (type === fromClient.query) {
      this.#conversation.prepared.dropUnnamed()
      this.#conversation.sentSyncs++
      this.#refuseQuery(chunk, at, next, kept.refusal, undefined)
    } else this.#refuse(chunk, at, next, kept.refusal, undefined)
  }

  /** The message waits until all before it is answered, and then for its rows to be kept. */
  #keep(judged: Judged, act: () => Promise<Kept>): typeof wait {
    if (this.#conversation.expected.size > 0) {
      this.#settled = judged
      return this.#waitForAnswers()
    }
    act().then(
      kept => {
        this.#kept = kept
        this.#resumeSafely()
      },
      (error: unknown) => this.#fail(error),
    )
    return wait
  }

  #sync(chunk: Buffer, at: number, next: number): typeof wait | undefined {
    const { expected, copyIn } = this.#conversation
    if (this.#conversation.ownBlock && !copyIn) {
      if (expected.size > 0) return this.#waitForAnswers()
      this.#skipping = false
      this.#conversation.targetSkips = false
      this.#keeping.sync().then(
        () => {
          this.#kept = { kind: 'sent' }
          this.#resumeSafely()
        },
        (error: unknown) => this.#fail(error),
      )
      return wait
    }
    this.#skipping = false
    this.#conversation.targetSkips = false
    // The target ignores it while it takes COPY data, and would not answer.
    if (copyIn) {
      this.#leaveOut(chunk, at, next)
      return undefined
    }
    this.#conversation.sentSyncs++
    expected.push(new Answer('sync', undefined))
    return undefined
  }

  /** A statement will be executed: its intent goes on record before it leaves. */
  #sends(judged: Passed, answer: Answer): void {
    this.#batch.admit(judged, answer)
    this.#conversation.prepared.forgetFor(judged)
    if (judged.reduceErrors) this.#conversation.reducing = true
  }

  /** @returns `undefined` if the message must wait */
  #judge(text: string, state: SqlState = this.#conversation.state): Judged | undefined {
    const settled = this.#settled
    this.#settled = undefined
    if (settled?.original === text) return settled
    const { expected, visit } = this.#conversation
    if (expected.changesReading) {
      this.#waitForAnswers()
      return undefined
    }
    const judged = visit.judge(text, state)
    if (!(judged instanceof Promise)) return judged
    void judged.then(
      outcome => {
        this.#settled = outcome
        this.#resumeSafely()
      },
      (error: unknown) => this.#fail(error),
    )
    return undefined
  }

  #rejudge(judged: Passed, state: SqlState): Judged | undefined {
    const { expected, visit } = this.#conversation
    const isSame = !expected.changesReading && state.key === this.#conversation.state.key
    return isSame && !visit.isStale(judged) ? judged : this.#judge(judged.original)
  }

  #waitForAnswers(): typeof wait {
    this.#conversation.onSettled = () => this.#resumeSafely()
    return wait
  }

  #resumeSafely(): void {
    try {
      this.#resume()
    } catch (error) {
      this.#fail(error)
    }
  }

  /** Refuses one message of the extended protocol, and with it all up to the next `Sync`. */
  #refuse(chunk: Buffer, at: number, next: number, own: Refusal, stopped: Stopped | undefined): void {
    const answer = new Answer('parse', undefined)
    answer.own = own
    this.#conversation.expected.push(answer)
    if (stopped) this.#batch.admit(stopped, answer)
    this.#replace(chunk, at, next, refusedParse)
    this.#skipping = true
  }

  #refuseQuery(chunk: Buffer, at: number, next: number, own: Refusal, stopped: Stopped | undefined): void {
    const answer = new Answer('query', undefined)
    answer.own = own
    this.#conversation.expected.push(answer)
    if (stopped) this.#batch.admit(stopped, answer)
    this.#replace(chunk, at, next, refusedQuery)
  }

  /** Puts bytes in front of the message at `at`. */
  #insert(chunk: Buffer, at: number, bytes: Buffer): void {
    if (at > this.#from) this.#batch.add(chunk.subarray(this.#from, at))
    this.#batch.add(bytes)
    this.#from = at
  }

  #replace(chunk: Buffer, at: number, next: number, bytes: Buffer): void {
    this.#insert(chunk, at, bytes)
    this.#from = next
  }

  #leaveOut(chunk: Buffer, at: number, next: number): void {
    if (at > this.#from) this.#batch.add(chunk.subarray(this.#from, at))
    this.#from = next
  }
}

/** Whether it would end, or divide, the transaction that stands for the pipeline's own. */
const endsBlock = (judged: Passed): boolean =>
  judged.reading.action.statements.some(({ verb }) =>
    /^(?:BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE|PREPARE TRANSACTION|VACUUM)/.test(verb),
  )

/** @throws MalformedBytes */
function decodeBound(chunk: Buffer, start: number, end: number, types: Buffer): Bound {
  const reader = new ByteReader(chunk, start, end)
  reader.zeroEnded()
  reader.zeroEnded()
  const formats = Array.from({ length: reader.int16() & 0xffff }, () => reader.int16())
  const count = reader.int16() & 0xffff
  const parameters = Array.from({ length: count }, (_, index) => {
    const length = reader.int32()
    const value = length < 0 ? null : Buffer.from(reader.bytes(length))
    // One format counts for all of them.
    return { format: formats[formats.length === 1 ? 0 : index] ?? 0, value }
  })
  return { types, parameters }
}

/** Messages that are nothing but their type. */
const isBare = (type: number): boolean =>
  type === fromClient.sync ||
  type === fromClient.flush ||
  type === fromClient.copyDone ||
  type === fromClient.terminate

const isStatementMessage = (type: number): boolean =>
  type !== fromClient.copyData &&
  type !== fromClient.copyDone &&
  type !== fromClient.copyFail &&
  type !== fromClient.flush &&
  type !== fromClient.sync &&
  type !== fromClient.terminate
