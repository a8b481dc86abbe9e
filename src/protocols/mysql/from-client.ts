// What the client says: one command at a time, judged and recorded before it leaves, or refused in its place.

import type { Limits } from '../../core/limits.ts'
import { textCode } from './client-text.ts'
import { command as says, decodeQuery, encodeOk } from './codec.ts'
import { type Command, CommandStream, violation } from './command-stream.ts'
import type { Conversation } from './conversation.ts'
import { Dispatch, type DispatchParts, encodeCommand } from './dispatch.ts'
import { Answer, type AnswerKind, type Result } from './expected.ts'
import { Keeping } from './keeping.ts'
import type { Kills } from './kill.ts'
import { type KillWish, killWish, ownTexts } from './own-texts.ts'
import { encodeShortPacket } from './packets.ts'
import { notOwner, notReadable, notSupported, notWritable, onlyInWords } from './refuse.ts'
import { idOf, StatementCommands } from './statement-commands.ts'

export interface FromClientParts extends Omit<DispatchParts, 'keeping'> {
  readonly limits: Limits
  /** Resolves when nothing is on its way that stops what runs. */
  readonly calm: () => Promise<void>
  readonly kills: Kills
  /** The target has forgotten everything about the session. */
  readonly onReset: () => void
  /** The client wants to prove once more who it is. */
  readonly changeUser: (command: Command) => void
}

export class FromClient {
  readonly #parts: FromClientParts
  readonly #conversation: Conversation
  readonly #dispatch: Dispatch
  readonly #statements: StatementCommands
  readonly keeping: Keeping
  readonly stream: CommandStream
  /** The client said goodbye. */
  terminated = false

  constructor(parts: FromClientParts) {
    const { conversation, target, limits } = parts
    this.#parts = parts
    this.#conversation = conversation
    this.#dispatch = new Dispatch({ ...parts, keeping: () => this.keeping })
    this.keeping = new Keeping(parts, this.#dispatch)
    this.#statements = new StatementCommands(this.#dispatch, conversation, limits)
    this.stream = new CommandStream(conversation, target, limits, command => this.#command(command))
  }

  #command(command: Command): void {
    const { payload } = command
    switch (payload[0]) {
      case says.query:
        return this.#query(command)
      case says.stmtExecute:
      case says.stmtBulkExecute:
        return this.#statements.execute(command)
      case says.stmtPrepare:
        return this.#statements.prepare(command)
      case says.stmtClose:
        this.#statements.close(command)
        return this.stream.skip()
      case says.stmtReset:
        return this.#statements.reset(command)
      case says.stmtSendLongData:
        this.#statements.longData(command)
        return this.stream.skip()
      case says.stmtFetch:
        return this.#statements.fetch(command)
      case says.ping:
      case says.setOption:
        return this.#dispatch.pass(command.raw, new Answer('short', undefined))
      case says.resetConnection:
        return this.#dispatch.pass(
          command.raw,
          new Answer('short', undefined, result => {
            if (result !== 'ok') return
            this.#conversation.reset()
            this.#parts.onReset()
          }),
        )
      case says.initDb:
        return this.#inWords(command, ownTexts.use(this.#dispatch.text(payload, 1)), 'short', () =>
          this.#conversation.outdateFacts(),
        )
      case says.fieldList:
        return this.#fieldList(command)
      case says.processInfo:
        return this.#queryText(command, 1, ownTexts.processes, true)
      case says.processKill:
        return this.#kill({ kind: 'connection', id: idOf(payload) }, ownTexts.kill(idOf(payload)))
      case says.statistics:
        return this.#dispatch.answer(encodeShortPacket(Buffer.from(this.#statistics()), 1))
      case says.changeUser:
        return this.#parts.changeUser(command)
      case says.quit:
        this.terminated = true
        return this.stream.end()
      default:
        return this.#dispatch.refuse(notSupported)
    }
  }

  #query(command: Command): void {
    const { textAt } = decodeQuery(command.payload, this.#conversation.capabilities)
    this.#queryText(command, textAt, this.#dispatch.text(command.payload, textAt), false)
  }

  /** @param isOurs  the text is not what the client said, but means the same */
  #queryText(command: Command, textAt: number, text: string, isOurs: boolean): void {
    const wish = killWish(text)
    if (wish) return this.#kill(wish, text)
    this.#dispatch.judge(text, this.#conversation.state, judged => {
      if (judged.kind === 'stopped') return this.#dispatch.refuseStopped(judged)
      const refusal = this.#dispatch.keepsReadOnly(judged)
      if (refusal) return this.#dispatch.refuse(refusal)
      if (this.#dispatch.refuseWithin(judged)) return undefined
      let bytes = command.raw
      if (isOurs || judged.text !== judged.original) {
        const encoded = this.#dispatch.encode(judged.text)
        if (!encoded) return this.#dispatch.refuse(notWritable)
        const head = isOurs ? this.#dispatch.queryHead : command.payload.subarray(0, textAt)
        bytes = encodeCommand(head, encoded)
      }
      this.#dispatch.admit(judged, bytes, new Answer('results', judged))
    })
  }

  /** Judges words that mean what a command does, and sends the command itself. */
  #inWords(command: Command, text: string, kind: AnswerKind, onEnd?: (result: Result) => void): void {
    this.#dispatch.judge(text, this.#conversation.state, judged => {
      if (judged.kind === 'stopped') this.#dispatch.refuseStopped(judged)
      // The command would do what the words were not let through for.
      else if (judged.text !== judged.original) this.#dispatch.refuse(onlyInWords(text))
      else this.#dispatch.admit(judged, command.raw, new Answer(kind, judged, onEnd))
    })
  }

  #fieldList(command: Command): void {
    const { payload } = command
    const zero = payload.indexOf(0, 1)
    if (zero < 0) throw violation('a table name without an end.')
    const name = textCode(this.#conversation.facts?.characterSet ?? '')?.decode(payload, 1, zero)
    if (name === undefined) this.#dispatch.refuse(notReadable(this.#conversation.facts?.characterSet ?? ''))
    // No client completes such a name; what it could mean is not tried out.
    else if (name.includes('`')) this.#dispatch.refuse(onlyInWords('SHOW COLUMNS'))
    else this.#inWords(command, ownTexts.fields(name), 'fields')
  }

  #kill(wish: KillWish, text: string): void {
    const { conversation, kills } = this.#parts
    this.#dispatch.judge(text, conversation.state, judged => {
      const own = kills.find(wish.id)
      if (!own) {
        if (judged.kind === 'stopped') return this.#dispatch.refuseStopped(judged)
        const mayAll = judged.reading.action.statements.some(({ effects }) => effects.includes('administer'))
        if (!mayAll) return this.#dispatch.refuse(notOwner(wish.id))
        const encoded = this.#dispatch.encode(judged.text)
        if (!encoded) return this.#dispatch.refuse(notWritable)
        const bytes = encodeCommand(this.#dispatch.queryHead, encoded)
        return this.#dispatch.admit(judged, bytes, new Answer('results', judged))
      }
      const plan = { ...judged.plan, verdict: 'allowed', code: undefined, reason: undefined } as const
      return this.#dispatch.recorded({ ...judged, plan }, permit => {
        own(wish.kind)
        for (const statement of permit.statements)
          conversation.visit.ended(statement, { rows: 0, bytes: 0, durationMs: 0, result: 'ok' })
        if (!conversation.over)
          this.#dispatch.answer(encodeShortPacket(encodeOk({}, conversation.capabilities), 1))
      })
    })
  }

  /** Those of the server are not for everybody: what is told is about this session alone. */
  #statistics(): string {
    const { visit, clock } = this.#conversation
    const seconds = Math.floor((clock.nowMs() - visit.session.startedAtMs) / 1000)
    return `Uptime: ${seconds}  Threads: 1`
  }
}
