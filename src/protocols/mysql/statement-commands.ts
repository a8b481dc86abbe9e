// Commands for prepared statements: preparing, executing, fetching, sending long values, closing.

import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Passed } from '../../gate/gate.ts'
import { command as says } from './codec.ts'
import { type Command, violation } from './command-stream.ts'
import type { Conversation } from './conversation.ts'
import { readsAlike } from './conversation.ts'
import { type Dispatch, encodeCommand } from './dispatch.ts'
import { decodeExecution } from './execution.ts'
import { Answer } from './expected.ts'
import { encodeShortPacket, headBytes } from './packets.ts'
import { parameterTypes, withTypes } from './parameter-types.ts'
import type { Statement } from './prepared.ts'
import { noSuchStatement, notWritable, prepareAgain, tooManyStatements } from './refuse.ts'
import type { SessionFacts } from './session-facts.ts'

/** What stands for the statement prepared last (MariaDB). */
const lastPrepared = 0xffffffff

export class StatementCommands {
  readonly #dispatch: Dispatch
  readonly #conversation: Conversation
  readonly #limits: Limits

  constructor(dispatch: Dispatch, conversation: Conversation, limits: Limits) {
    this.#dispatch = dispatch
    this.#conversation = conversation
    this.#limits = limits
  }

  prepare(command: Command): void {
    const { prepared, state, facts } = this.#conversation
    if (prepared.size >= this.#limits.preparedPerSessionMax) return this.#dispatch.refuse(tooManyStatements)
    prepared.last = undefined
    this.#dispatch.judge(this.#dispatch.text(command.payload, 1), state, judged => {
      if (judged.kind === 'stopped') return this.#dispatch.refuseStopped(judged)
      const refusal = this.#dispatch.keepsReadOnly(judged)
      if (refusal) return this.#dispatch.refuse(refusal)
      const bytes = judged.text === judged.original ? command.raw : this.#encodePrepare(judged)
      if (!bytes || !facts) return this.#dispatch.refuse(notWritable)
      const answer = new Answer('prepared', judged, result => {
        if (result !== 'ok') return
        const { targetId, shownId, parameters } = answer
        const statement: Statement = {
          id: shownId,
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
      this.#dispatch.pass(bytes, answer)
    })
  }

  #encodePrepare(judged: Passed): Buffer | undefined {
    const encoded = this.#dispatch.encode(judged.text)
    return encoded && encodeCommand(Buffer.of(says.stmtPrepare), encoded)
  }

  execute(command: Command): void {
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
    const alike = facts !== undefined && readsAlike(statement.facts, facts)
    if (alike && statement.state.key === state.key && !visit.isStale(statement.judged))
      return then(statement.judged)
    if (!facts) return this.#dispatch.refuse(prepareAgain)
    if (!alike) return this.#rejudgeTwice(statement, facts, then)
    const { database } = statement.facts
    return this.#judgeIn(statement, { ...facts, database }, judged => {
      if (database === facts.database) statement.state = state
      then(judged)
    })
  }

  /**
   * The target has read it as texts were read then, and may read it once more, as they are read now, when tables change: it
   * must be let through, as it is there, under both.
   */
  #rejudgeTwice(statement: Statement, facts: SessionFacts, then: (judged: Passed) => void): void {
    const { database, characterSet } = statement.facts
    const isPlain = facts.characterSet === characterSet || /^[\0-\x7f]*$/.test(statement.judged.original)
    const isThere = (judged: Passed) => judged.text === statement.sentText
    if (!isPlain) return this.#dispatch.refuse(prepareAgain)
    return this.#judgeIn(statement, statement.facts, judgedThen => {
      if (!isThere(judgedThen)) return this.#dispatch.refuse(prepareAgain)
      return this.#judgeIn(statement, { ...facts, database }, judgedNow => {
        if (isThere(judgedNow)) then(judgedThen)
        else this.#dispatch.refuse(prepareAgain)
      })
    })
  }

  /** Names in it belong to the database of then, whichever is the current one. */
  #judgeIn(statement: Statement, facts: SessionFacts, then: (judged: Passed) => void): void {
    const { state, facts: now } = this.#conversation
    const isNow = now && readsAlike(now, facts) && now.database === facts.database
    const inThem = isNow ? state : this.#conversation.readState(state, facts)
    this.#dispatch.judge(statement.judged.original, inThem, judged => {
      if (judged.kind === 'stopped') this.#dispatch.refuseStopped(judged)
      else then(judged)
    })
  }

  /** What is hidden changed since it was prepared: it is prepared again, unseen by the client. */
  #prepareAnew(statement: Statement, judged: Passed, command: Command): void {
    const bytes = this.#encodePrepare(judged)
    const isPossible =
      bytes && !statement.hasLongData && statement.facts.database === this.#conversation.facts?.database
    if (!isPossible || command.payload[0] === says.stmtFetch) return this.#dispatch.refuse(prepareAgain)
    const answer = new Answer(
      'prepared',
      judged,
      result => {
        if (result !== 'ok') return this.#dispatch.refuse(prepareAgain)
        const gone = answer.parameters === statement.parameters ? statement.targetId : answer.targetId
        this.#dispatch.send(encodeClose(gone))
        if (gone === answer.targetId) return this.#dispatch.refuse(prepareAgain)
        statement.targetId = answer.targetId
        statement.judged = judged
        statement.sentText = judged.text
        statement.lacksTypes = true
        return this.#run(statement, command)
      },
      true,
    )
    this.#dispatch.pass(bytes, answer)
  }

  #run(statement: Statement, command: Command): void {
    if (this.#dispatch.refuseWithin(statement.judged, command.payload[0] === says.stmtBulkExecute)) return
    const types = parameterTypes(command.payload, statement.parameters)
    let sent = command
    if (statement.lacksTypes && (types === 'unknown' || types === 'left out')) {
      const whole = types === 'unknown' ? undefined : withTypes(command.payload, statement)
      if (!whole) return this.#dispatch.refuse(prepareAgain)
      sent = { payload: whole, raw: encodeCommand(whole) }
    } else if (typeof types === 'object') statement.types = Buffer.from(types)
    const { judged, targetId, parameters, hasLongData } = statement
    statement.lacksTypes = false
    statement.hasLongData = false
    this.#dispatch.admit(judged, withId(sent, targetId), new Answer('results', judged), () =>
      decodeExecution(sent.payload, parameters, statement.types, hasLongData),
    )
  }

  fetch(command: Command): void {
    this.#ofStatement(command, 'mysqld_stmt_fetch', statement => {
      this.#rejudge(statement, judged => {
        if (judged.text !== statement.sentText) return this.#dispatch.refuse(prepareAgain)
        statement.judged = judged
        this.#dispatch.admit(judged, withId(command, statement.targetId), new Answer('rows', judged))
      })
    })
  }

  #ofStatement(command: Command, of: string, then: (statement: Statement) => void): void {
    const { prepared } = this.#conversation
    const id = idOf(command.payload)
    const statement = id === lastPrepared ? prepared.last : prepared.get(id)
    if (statement) then(statement)
    else this.#dispatch.refuse(noSuchStatement(id, of))
  }

  /** Has no answer: what is wrong with it, the execution tells. */
  longData(command: Command): void {
    const { prepared } = this.#conversation
    const id = idOf(command.payload)
    const statement = id === lastPrepared ? prepared.last : prepared.get(id)
    if (statement) {
      statement.hasLongData = true
      this.#dispatch.send(withId(command, statement.targetId))
    }
  }

  /** Has no answer. */
  close(command: Command): void {
    const { prepared } = this.#conversation
    const statement = prepared.get(idOf(command.payload))
    if (statement) {
      prepared.delete(statement.id)
      this.#dispatch.send(withId(command, statement.targetId))
    }
  }

  reset(command: Command): void {
    this.#ofStatement(command, 'mysqld_stmt_reset', statement => {
      statement.hasLongData = false
      this.#dispatch.pass(withId(command, statement.targetId), new Answer('short', undefined))
    })
  }
}

export function idOf(payload: Buffer): number {
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
