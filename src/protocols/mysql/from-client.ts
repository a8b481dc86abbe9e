// What the client says: cut into commands, one at a time, each judged and recorded before it leaves, or refused in its place.

import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Judged, Passed, Stopped } from '../../gate/gate.ts'
import type { Permit } from '../../gate/permit.ts'
import type { SqlState } from '../../sql/dialect.ts'
import { Gatherer } from '../../wire/gatherer.ts'
import { textCode } from './client-text.ts'
import { command as says, decodeQuery, encodeOk, encodeQuery } from './codec.ts'
import type { Conversation } from './conversation.ts'
import { readsAlike } from './conversation.ts'
import { Answer, type AnswerKind, type Result } from './expected.ts'
import type { Kills } from './kill.ts'
import { isWayBack, keepsReadOnly, killWish, ownTexts } from './own-texts.ts'
import { encodePacket, encodeShortPacket, frameBytesMax, headBytes } from './packets.ts'
import { parameterTypes, withTypes } from './parameter-types.ts'
import type { Statement } from './prepared.ts'
import type { Refusal } from './refuse.ts'
import {
  encodeRefusal,
  forConsole,
  noSuchStatement,
  notOwner,
  notReadable,
  notSupported,
  notWritable,
  onlyInWords,
  prepareAgain,
  tooManyStatements,
  wordStopped,
} from './refuse.ts'
import type { TargetSide } from './target-side.ts'

/** What stands for the statement prepared last (MariaDB). */
const lastPrepared = 0xffffffff

/** One command, whole. */
export interface Command {
  /** With the heads of its frames. */
  readonly raw: Buffer
  /** Without them; its first byte says what it is. */
  readonly payload: Buffer
}

export interface FromClientParts {
  readonly conversation: Conversation
  readonly target: TargetSide
  readonly limits: Limits
  readonly kills: Kills
  readonly tell: (bytes: Buffer) => void
  readonly fail: (error: unknown) => void
  /** The command is done without the target: look what comes next. */
  readonly settle: () => void
  /** The target has forgotten everything about the session. */
  readonly onReset: () => void
  /** The client wants to prove once more who it is. */
  readonly changeUser: (command: Command) => void
}

export class FromClient {
  readonly #parts: FromClientParts
  readonly #conversation: Conversation
  /** What came and was not looked at yet, and how much of it makes a command. */
  readonly #rest = new Gatherer()
  #restNeeds = 0
  /** A command is on its way, or the session is not ready for one. */
  #busy = true
  /** Whether the client waits for an answer. */
  #owesAnswer = false
  /** Of a file that the client sends: bytes of the frame still to come. */
  #fileLeft = 0
  /** The client said goodbye. */
  terminated = false

  constructor(parts: FromClientParts) {
    this.#parts = parts
    this.#conversation = parts.conversation
  }

  /** Bytes of the client that have not left for the target. */
  get waitingBytes(): number {
    // The start of a command is no reason to stop reading: its end is needed.
    return (this.#busy ? this.#rest.length : 0) + this.#parts.target.waitingBytes
  }

  get isBusy(): boolean {
    return this.#busy
  }

  /** Whether an error may be told as the answer to something. */
  get isAnswerDue(): boolean {
    return this.#owesAnswer || this.#rest.length > 0
  }

  /** @throws GatewayError `protocol.violation | limit.exceeded` */
  feed(chunk: Buffer): void {
    if (this.#conversation.current?.phase === 'file') this.#file(chunk)
    else if (this.#rest.length > 0 || this.#busy) {
      this.#rest.add(chunk)
      if (!this.#busy && this.#rest.length >= this.#restNeeds) this.#walk(this.#rest.take())
    } else this.#walk(chunk)
  }

  /** The client has the answer to its command. */
  answered(): void {
    this.#owesAnswer = false
  }

  /** The command before is done, and the session ready for the next one. */
  proceed(): void {
    this.#busy = false
    this.#owesAnswer = false
    if (this.#rest.length > 0 && this.#rest.length >= this.#restNeeds) this.#walk(this.#rest.take())
  }

  /** The target asked for a file: what the client sends now is that. */
  beginFile(): void {
    if (this.#rest.length > 0) this.#file(this.#rest.take())
  }

  #walk(chunk: Buffer): void {
    let at = 0
    this.#restNeeds = 0
    while (!this.#busy && !this.terminated && at < chunk.length) {
      const next = this.#endOfCommand(chunk, at)
      if (next === undefined) break
      const raw = at === 0 && next === chunk.length ? chunk : chunk.subarray(at, next)
      at = next
      this.#take(raw)
    }
    if (at < chunk.length && !this.terminated) this.#rest.add(at === 0 ? chunk : chunk.subarray(at))
  }

  /** @returns `undefined` if it is not all there; `#restNeeds` says how much is needed at least then */
  #endOfCommand(chunk: Buffer, from: number): number | undefined {
    let at = from
    for (let frames = 0; ; frames++) {
      if (chunk.length - at < headBytes) {
        this.#restNeeds = at - from + headBytes
        return undefined
      }
      const size = chunk.readUIntLE(at, 3)
      if (chunk[at + 3] !== (frames & 0xff)) throw violation('packets out of order.')
      at += headBytes + size
      if (at - from > this.#parts.limits.messageBytesMax)
        throw new GatewayError('limit.exceeded', 'a packet is too long.')
      if (at > chunk.length) {
        this.#restNeeds = at - from
        return undefined
      }
      if (size < frameBytesMax) return at
    }
  }

  #take(raw: Buffer): void {
    const size = raw.readUIntLE(0, 3)
    const isOne = size < frameBytesMax
    const payload = isOne ? raw.subarray(headBytes) : joinFrames(raw)
    if (payload.length === 0) throw violation('an empty command.')
    this.#busy = true
    this.#owesAnswer = true
    this.#conversation.sequence = isOne ? 1 : Math.floor(payload.length / frameBytesMax) + 1
    this.#command({ raw, payload })
  }

  #command(command: Command): void {
    const { payload } = command
    switch (payload[0]) {
      case says.query:
        return this.#query(command)
      case says.stmtExecute:
      case says.stmtBulkExecute:
        return this.#execute(command)
      case says.stmtPrepare:
        return this.#prepare(command)
      case says.stmtClose:
        return this.#close(command)
      case says.stmtReset:
        return this.#ofStatement(command, 'mysqld_stmt_reset', statement => {
          statement.hasLongData = false
          this.#pass(withId(command, statement.targetId), new Answer('short', undefined))
        })
      case says.stmtSendLongData:
        return this.#longData(command)
      case says.stmtFetch:
        return this.#fetch(command)
      case says.ping:
      case says.setOption:
        return this.#pass(command.raw, new Answer('short', undefined))
      case says.resetConnection:
        return this.#pass(
          command.raw,
          new Answer('short', undefined, result => {
            if (result !== 'ok') return
            this.#conversation.reset()
            this.#parts.onReset()
          }),
        )
      case says.initDb:
        return this.#inWords(command, ownTexts.use(this.#text(payload, 1)), 'short', () =>
          this.#conversation.outdateFacts(),
        )
      case says.fieldList:
        return this.#fieldList(command)
      case says.processInfo:
        return this.#queryText(command, 1, ownTexts.processes, true)
      case says.processKill:
        return this.#kill({ kind: 'connection', id: idOf(payload) }, ownTexts.kill(idOf(payload)))
      case says.statistics:
        return this.#answer(encodeShortPacket(Buffer.from(this.#statistics()), 1))
      case says.changeUser:
        return this.#parts.changeUser(command)
      case says.quit:
        this.terminated = true
        this.#busy = false
        return undefined
      default:
        return this.#refuse(notSupported)
    }
  }

  #query(command: Command): void {
    const { textAt } = decodeQuery(command.payload, this.#conversation.capabilities)
    this.#queryText(command, textAt, this.#text(command.payload, textAt), false)
  }

  /** @param isOurs  the text is not what the client said, but means the same */
  #queryText(command: Command, textAt: number, text: string, isOurs: boolean): void {
    const wish = killWish(text)
    if (wish) return this.#kill(wish, text)
    this.#judge(text, this.#conversation.state, judged => {
      if (judged.kind === 'stopped') return this.#refuseStopped(judged)
      const refusal = this.#keepsReadOnly(judged)
      if (refusal) return this.#refuse(refusal)
      let bytes = command.raw
      if (isOurs || judged.text !== judged.original) {
        const encoded = this.#encode(judged.text)
        if (!encoded) return this.#refuse(notWritable)
        const head = isOurs ? this.#queryHead : command.payload.subarray(0, textAt)
        bytes = joined(encodePacket(Buffer.concat([head, encoded]), 0))
      }
      this.#admit(judged, bytes, new Answer('results', judged))
    })
  }

  /** Judges words that mean what a command does, and sends the command itself. */
  #inWords(command: Command, text: string, kind: AnswerKind, onEnd?: (result: Result) => void): void {
    this.#judge(text, this.#conversation.state, judged => {
      if (judged.kind === 'stopped') this.#refuseStopped(judged)
      // The command would do what the words were not let through for.
      else if (judged.text !== judged.original) this.#refuse(onlyInWords(text))
      else this.#admit(judged, command.raw, new Answer(kind, judged, onEnd))
    })
  }

  #fieldList(command: Command): void {
    const { payload } = command
    const zero = payload.indexOf(0, 1)
    if (zero < 0) throw violation('a table name without an end.')
    const name = textCode(this.#conversation.facts?.characterSet ?? '')?.decode(payload, 1, zero)
    if (name === undefined) this.#refuse(notReadable(this.#conversation.facts?.characterSet ?? ''))
    // No client completes such a name; what it could mean is not tried out.
    else if (name.includes('`')) this.#refuse(onlyInWords('SHOW COLUMNS'))
    else this.#inWords(command, ownTexts.fields(name), 'fields')
  }

  #prepare(command: Command): void {
    const { prepared, state, facts } = this.#conversation
    if (prepared.size >= this.#parts.limits.preparedPerSessionMax) return this.#refuse(tooManyStatements)
    prepared.last = undefined
    this.#judge(this.#text(command.payload, 1), state, judged => {
      if (judged.kind === 'stopped') return this.#refuseStopped(judged)
      const refusal = this.#keepsReadOnly(judged)
      if (refusal) return this.#refuse(refusal)
      const bytes = judged.text === judged.original ? command.raw : this.#encodePrepare(judged)
      if (!bytes || !facts) return this.#refuse(notWritable)
      const answer = new Answer('prepared', judged, result => {
        if (result !== 'ok') return
        const { targetId, parameters } = answer
        const statement: Statement = {
          id: targetId,
          targetId,
          judged,
          state,
          facts,
          sentText: judged.text,
          parameters,
          types: undefined,
          lacksTypes: false,
          hasLongData: false,
        }
        if (!prepared.add(statement))
          throw new GatewayError('session.ended', 'the target used a statement number twice.')
      })
      this.#pass(bytes, answer)
    })
  }

  #encodePrepare(judged: Passed): Buffer | undefined {
    const encoded = this.#encode(judged.text)
    return encoded && joined(encodePacket(Buffer.concat([Buffer.of(says.stmtPrepare), encoded]), 0))
  }

  #execute(command: Command): void {
    this.#ofStatement(command, 'mysqld_stmt_execute', statement => {
      this.#rejudge(statement, judged => {
        if (judged.text !== statement.sentText) return this.#prepareAnew(statement, judged, command)
        statement.judged = judged
        this.#run(statement, command)
      })
    })
  }

  /** Judges a prepared statement again if that could say something else than before. */
  #rejudge(statement: Statement, then: (judged: Passed) => void): void {
    const { visit, state, facts } = this.#conversation
    const isSame = statement.state.key === state.key && facts && readsAlike(statement.facts, facts)
    if (isSame && !visit.isStale(statement.judged)) return then(statement.judged)
    const { original } = statement.judged
    // The target would read its bytes by the character set of today.
    const isPlain = facts?.characterSet === statement.facts.characterSet || /^[\0-\x7f]*$/.test(original)
    if (!facts || !isPlain) return this.#refuse(prepareAgain)
    const { database } = statement.facts
    // Names in it still belong to the database of then.
    const inThen =
      database === facts.database ? state : this.#conversation.readState(state, { ...facts, database })
    this.#judge(original, inThen, judged => {
      if (judged.kind === 'stopped') return this.#refuseStopped(judged)
      if (database === facts.database && readsAlike(statement.facts, facts)) statement.state = state
      then(judged)
    })
  }

  /** What is hidden changed since it was prepared: it is prepared again, unseen by the client. */
  #prepareAnew(statement: Statement, judged: Passed, command: Command): void {
    const bytes = this.#encodePrepare(judged)
    const isPossible =
      bytes && !statement.hasLongData && statement.facts.database === this.#conversation.facts?.database
    if (!isPossible || command.payload[0] === says.stmtFetch) return this.#refuse(prepareAgain)
    const answer = new Answer(
      'prepared',
      judged,
      result => {
        if (result !== 'ok') return this.#refuse(prepareAgain)
        const gone = answer.parameters === statement.parameters ? statement.targetId : answer.targetId
        this.#parts.target.send(this.#conversation.visit.passage, encodeClose(gone))
        if (gone === answer.targetId) return this.#refuse(prepareAgain)
        statement.targetId = answer.targetId
        statement.judged = judged
        statement.sentText = judged.text
        statement.lacksTypes = true
        return this.#run(statement, command)
      },
      true,
    )
    this.#pass(bytes, answer)
  }

  #run(statement: Statement, command: Command): void {
    const types = parameterTypes(command.payload, statement.parameters)
    let sent = command
    if (statement.lacksTypes && (types === 'unknown' || types === 'left out')) {
      const whole = types === 'unknown' ? undefined : withTypes(command.payload, statement)
      if (!whole) return this.#refuse(prepareAgain)
      sent = { payload: whole, raw: joined(encodePacket(whole, 0)) }
    } else if (typeof types === 'object') statement.types = Buffer.from(types)
    statement.lacksTypes = false
    statement.hasLongData = false
    const { judged, targetId } = statement
    this.#admit(judged, withId(sent, targetId), new Answer('results', judged))
  }

  #fetch(command: Command): void {
    this.#ofStatement(command, 'mysqld_stmt_fetch', statement => {
      this.#rejudge(statement, judged => {
        if (judged.text !== statement.sentText) return this.#refuse(prepareAgain)
        statement.judged = judged
        this.#admit(judged, withId(command, statement.targetId), new Answer('rows', judged))
      })
    })
  }

  #ofStatement(command: Command, of: string, then: (statement: Statement) => void): void {
    const { prepared } = this.#conversation
    const id = idOf(command.payload)
    const statement = id === lastPrepared ? prepared.last : prepared.get(id)
    if (statement) then(statement)
    else this.#refuse(noSuchStatement(id, of))
  }

  /** Has no answer: what is wrong with it, the execution tells. */
  #longData(command: Command): void {
    const { prepared, visit } = this.#conversation
    const id = idOf(command.payload)
    const statement = id === lastPrepared ? prepared.last : prepared.get(id)
    if (statement) {
      statement.hasLongData = true
      this.#parts.target.send(visit.passage, withId(command, statement.targetId))
    }
    this.proceedQuietly()
  }

  /** Has no answer. */
  #close(command: Command): void {
    const { prepared, visit } = this.#conversation
    const statement = prepared.get(idOf(command.payload))
    if (statement) {
      prepared.delete(statement.id)
      this.#parts.target.send(visit.passage, withId(command, statement.targetId))
    }
    this.proceedQuietly()
  }

  /** A command without an answer is done; the walk goes on by itself. */
  proceedQuietly(): void {
    this.#busy = false
    this.#owesAnswer = false
  }

  #kill(wish: { readonly kind: 'query' | 'connection'; readonly id: number }, text: string): void {
    const { conversation, kills } = this.#parts
    this.#judge(text, conversation.state, judged => {
      const own = kills.find(wish.id)
      if (!own) {
        if (judged.kind === 'stopped') return this.#refuseStopped(judged)
        const mayAll = judged.reading.action.statements.some(({ effects }) => effects.includes('administer'))
        if (!mayAll) return this.#refuse(notOwner(wish.id))
        const encoded = this.#encode(judged.text)
        if (!encoded) return this.#refuse(notWritable)
        const bytes = joined(encodePacket(Buffer.concat([this.#queryHead, encoded]), 0))
        return this.#admit(judged, bytes, new Answer('results', judged))
      }
      const plan = { ...judged.plan, verdict: 'allowed', code: undefined, reason: undefined } as const
      return this.#recorded({ ...judged, plan }, permit => {
        own(wish.kind)
        for (const statement of permit.statements)
          conversation.visit.ended(statement, { rows: 0, bytes: 0, durationMs: 0, result: 'ok' })
        if (!conversation.over) this.#answer(encodeShortPacket(encodeOk({}, conversation.capabilities), 1))
      })
    })
  }

  /** Those of the server are not for everybody: what is told is about this session alone. */
  #statistics(): string {
    const { visit, clock } = this.#conversation
    const seconds = Math.floor((clock.nowMs() - visit.session.startedAtMs) / 1000)
    return `Uptime: ${seconds}  Threads: 1`
  }

  /** Refuses to let a session that only reads be turned into one that writes. */
  #keepsReadOnly(judged: Passed): Refusal | undefined {
    return this.#conversation.visit.readOnly ? keepsReadOnly(judged) : undefined
  }

  /** The text of a statement: what is judged must be, character by character, what the target reads. */
  #text(payload: Buffer, start: number): string {
    const code = textCode(this.#conversation.facts?.characterSet ?? '')
    // Nothing but plain letters is the same in all of them; `#judge` looks again.
    return (code ?? latinOnly).decode(payload, start, payload.length)
  }

  /** What stands before a text of ours. */
  get #queryHead(): Buffer {
    return encodeQuery('', this.#conversation.capabilities)
  }

  #encode(text: string): Buffer | undefined {
    return textCode(this.#conversation.facts?.characterSet ?? '')?.encode(text)
  }

  /** Calls back at once, or once the target's tables were looked at. */
  #judge(text: string, state: SqlState, then: (judged: Judged) => void): void {
    const { visit, facts } = this.#conversation
    const characterSet = facts?.characterSet ?? ''
    if (!textCode(characterSet) && !isWayBack(text)) return this.#refuse(notReadable(characterSet))
    const judged = visit.judge(text, state)
    if (!(judged instanceof Promise)) return then(judged)
    void judged.then(outcome => this.#guarded(() => then(outcome)), this.#parts.fail)
    return undefined
  }

  #guarded(act: () => void): void {
    if (this.#conversation.over) return
    try {
      act()
    } catch (error) {
      this.#parts.fail(error)
    }
  }

  /** Puts an intent on record, and calls back once it is. */
  #recorded(judged: Judged, then: (permit: Permit) => void): void {
    this.#conversation.visit.admit([judged], admission => {
      this.#guarded(() => {
        if (admission.kind === 'unrecorded') this.#parts.fail(admission.error)
        else then(admission.permit)
      })
    })
  }

  #admit(judged: Passed, bytes: Buffer, answer: Answer): void {
    this.#recorded(judged, permit => {
      answer.statement = permit.statements[0]
      answer.startedMs = this.#conversation.clock.monotonicMs()
      this.#conversation.current = answer
      this.#parts.target.send(permit, bytes)
    })
  }

  /** Sends what carries no statement, or one that will be recorded when it is executed. */
  #pass(bytes: Buffer, answer: Answer): void {
    this.#conversation.current = answer
    this.#parts.target.send(this.#conversation.visit.passage, bytes)
  }

  #refuseStopped(stopped: Stopped): void {
    const refusal = wordStopped(stopped)
    this.#recorded(stopped, permit => {
      for (const statement of permit.statements)
        this.#conversation.visit.ended(statement, {
          rows: 0,
          bytes: 0,
          durationMs: 0,
          result: refusal.result,
        })
      this.#refuse(refusal)
    })
  }

  #refuse(refusal: Refusal): void {
    const { sequence, visit } = this.#conversation
    const told = visit.session.client.credential === 'console' ? forConsole(refusal) : refusal
    this.#answer(encodeRefusal(told, sequence))
  }

  #answer(bytes: Buffer): void {
    this.#parts.tell(bytes)
    this.#parts.settle()
  }

  /** Passes on what the client sends of the file it was asked for, up to the empty packet that ends it. */
  #file(piece: Buffer): void {
    const { current, visit } = this.#conversation
    if (this.#rest.length > 0) this.#rest.add(piece)
    const chunk = this.#rest.length > 0 ? this.#rest.take() : piece
    let at = 0
    while (at < chunk.length) {
      if (this.#fileLeft === 0) {
        if (chunk.length - at < headBytes) break
        const size = chunk.readUIntLE(at, 3)
        this.#fileLeft = headBytes + size
        if (size === 0 && current) {
          current.phase = 'first'
          at += headBytes
          this.#fileLeft = 0
          break
        }
      }
      const part = Math.min(this.#fileLeft, chunk.length - at)
      this.#fileLeft -= part
      at += part
    }
    if (at > 0) this.#parts.target.send(visit.passage, chunk.subarray(0, at))
    if (at < chunk.length) this.#rest.add(chunk.subarray(at))
  }
}

const violation = (detail: string) => new GatewayError('protocol.violation', detail)

const latinOnly = textCode('latin1') ?? { decode: () => '', encode: () => undefined }

const joined = (pieces: Buffer[]): Buffer =>
  pieces.length === 1 && pieces[0] ? pieces[0] : Buffer.concat(pieces)

function joinFrames(raw: Buffer): Buffer {
  const pieces: Buffer[] = []
  for (let at = 0; at < raw.length; ) {
    const size = raw.readUIntLE(at, 3)
    pieces.push(raw.subarray(at + headBytes, at + headBytes + size))
    at += headBytes + size
  }
  return Buffer.concat(pieces)
}

function idOf(payload: Buffer): number {
  if (payload.length < 5) throw violation('a command that ends too early.')
  return payload.readUInt32LE(1)
}

/** The command with the target's number for its statement. */
function withId({ raw, payload }: Command, targetId: number): Buffer {
  if (payload.readUInt32LE(1) === targetId) return raw
  const bytes = Buffer.from(raw)
  bytes.writeUInt32LE(targetId, headBytes + 1)
  return bytes
}

function encodeClose(targetId: number): Buffer {
  const payload = Buffer.alloc(5)
  payload[0] = says.stmtClose
  payload.writeUInt32LE(targetId, 1)
  return encodeShortPacket(payload, 0)
}
