// One session between a client that is known and a target that is ready, from its first statement to its end.

import { Socket } from 'node:net'
import { duplexPair, type Duplex } from 'node:stream'
import type { Clock } from '../../core/clock.ts'
import { systemClock } from '../../core/clock.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Visit } from '../../gate/gate.ts'
import { readInPlace } from '../target-reading.ts'
import type { Capabilities } from './capabilities.ts'
import { command, encodeQuery } from './codec.ts'
import { ClientSide } from './client-side.ts'
import type { Command } from './command-stream.ts'
import type { ReadState } from './conversation.ts'
import { Conversation } from './conversation.ts'
import { Answer } from './expected.ts'
import { FromClient } from './from-client.ts'
import { FromTarget } from './from-target.ts'
import type { Kills, KillKind } from './kill.ts'
import { ownTexts } from './own-texts.ts'
import { encodeShortPacket } from './packets.ts'
import { encodeRefusal, wordEnd } from './refuse.ts'
import { factsIn, factsQuestion } from './session-facts.ts'
import { TargetSide } from './target-side.ts'

export interface Traffic {
  readonly bytesFromClient: number
  readonly bytesToClient: number
}

/** How a session ended: in a word for the record, and the error behind it if it was not the client's wish. */
export interface Farewell {
  readonly reason: string
  readonly error: unknown
  readonly traffic: Traffic
}

/** What a session needs beside its two streams. */
export interface RelayParts {
  readonly visit: Visit
  readonly limits: Limits
  /** What client, gateway and target agreed on. */
  readonly capabilities: Capabilities
  readonly readState: ReadState
  /** Stops what runs for this session at the target, over another connection. Never rejects. */
  readonly stopAtTarget: (kind: KillKind) => Promise<void>
  /** The sessions that the client may stop. */
  readonly kills: Kills
  /** Told how this session is stopped by others. @returns what takes it back */
  readonly killable: (stop: (kind: KillKind) => void) => () => void
  /**
   * Lets the client prove who it is once more, over packets that begin with its wish.
   * @throws GatewayError if it is somebody else, or nobody
   */
  readonly changeUser: (packets: Duplex) => Promise<UserChange>
  readonly clock?: Clock
}

/** How a session goes on after the client proved who it is once more. */
export interface UserChange {
  /** What the target is told, when it has forgotten everything about the session. */
  readonly setUp: readonly Buffer[]
  readonly welcome: Buffer
}

/** In so many parts the time without a word is measured; the session ends within the part after the last. */
const idleTicks = 32

/** Carries the conversation to its end. Resolves when it is over and both sides are being closed; never rejects. */
export function relay(client: Duplex, target: Duplex, parts: RelayParts): Promise<Farewell> {
  return new Promise(resolve => {
    const { visit, limits, capabilities } = parts
    let bytesFromClient = 0
    const clientSide = new ClientSide(client)

    const end = (reason: string, error?: unknown) => {
      if (conversation.over) return
      const isRunning = conversation.current?.statement !== undefined || conversation.keeping !== undefined
      const sequence = whereAnErrorFits()
      conversation.over = true
      clearInterval(idleTimer)
      withdraw()
      answers.endAll()
      conversation.keeping?.endAll()
      clientSide.flush()
      if (error !== undefined && sequence !== undefined && client.writable) {
        const refusal = wordEnd(error)
        clientSide.tell(encodeRefusal(refusal, sequence, conversation.facts?.characterSet))
      }
      // A server does not notice that nobody waits for its answer any more.
      if (isRunning) {
        void parts.stopAtTarget('connection')
        target.destroy()
      } else {
        targetSide.send(visit.passage, encodeShortPacket(Buffer.of(command.quit), 0))
        target.end()
      }
      client.end()
      resolve({ reason, error, traffic: { bytesFromClient, bytesToClient: clientSide.bytes } })
    }
    /** @returns the number that an error of ours would have, `undefined` in the middle of a message */
    const whereAnErrorFits = (): number | undefined => {
      const { current } = conversation
      if (!answers.atBoundary) return undefined
      if (current && !current.swallowed && current.phase !== 'first') return answers.nextSequence
      return questions.stream.isAnswerDue ? Math.max(conversation.sequence, 1) : 0
    }
    const fail = (error: unknown) => end(error instanceof GatewayError ? error.code : 'internal', error)
    const guarded = <Arguments extends unknown[]>(act: (...given: Arguments) => void) => {
      return (...given: Arguments) => {
        if (conversation.over) return
        try {
          act(...given)
        } catch (error) {
          fail(error)
        }
      }
    }

    const tell = (bytes: Buffer) => clientSide.tell(bytes)
    const conversation = new Conversation(visit, capabilities, parts.readState, parts.clock ?? systemClock)
    const targetSide = new TargetSide(target)
    /** A statement is being stopped: until that is over it could hit the next one. */
    let stopping = false
    let calmed: (() => void)[] = []
    /** What the target must be told before anything else, each answered with OK. */
    const setUp: Buffer[] = []
    const outset = () => {
      if (visit.readOnly) setUp.push(encodeShortPacket(encodeQuery(ownTexts.readOnly, capabilities), 0))
    }
    /** What the client is told once the session is as it should be. */
    let settled: (() => void) | undefined
    let questionsLeft = questionsMax

    /** Nothing is under way: what the session needs first, and then what the client wants next. */
    const settle = () => {
      if (conversation.over || conversation.current || conversation.keeping || stopping) return
      const first = setUp.shift()
      if (first) {
        ask(first, (_, result) => {
          if (result !== 'ok') throw unsettled()
        })
      } else if (conversation.factsOutdated) {
        ask(encodeShortPacket(encodeQuery(factsQuestion, capabilities), 0), (rows, result) => {
          // What was stopped may have been stopped too late, and hit the question.
          if (result === interrupted && questionsLeft-- > 0) return
          const facts = result === 'ok' ? factsIn(rows) : undefined
          if (!facts) throw unsettled()
          questionsLeft = questionsMax
          conversation.learned(facts)
        })
      } else {
        settled?.()
        settled = undefined
        questions.stream.proceed()
        onRelief()
      }
    }
    const ask = (bytes: Buffer, onEnd: (rows: readonly Buffer[], result: string) => void) => {
      const answer = new Answer('results', undefined, result => onEnd(answer.kept, result), true)
      conversation.current = answer
      targetSide.send(visit.passage, bytes)
    }

    const questions = new FromClient({
      conversation,
      target: targetSide,
      limits,
      kills: parts.kills,
      tell,
      fail,
      settle,
      calm: () => (stopping ? new Promise(resolve => calmed.push(resolve)) : Promise.resolve()),
      changeUser: asking => void changeUser(asking),
      onReset: outset,
    })
    const answers = new FromTarget(conversation, bytes => clientSide.handOn(bytes))
    /** While the client proves who it is, its packets go there. */
    let detour: Duplex | undefined
    const changeUser = async (asking: Command) => {
      const [inner, outer] = duplexPair()
      detour = outer
      outer.on('data', tell)
      outer.write(asking.raw)
      try {
        const change = await parts.changeUser(inner)
        detour = undefined
        if (conversation.over) return
        ask(encodeShortPacket(Buffer.of(command.resetConnection), 0), (_, result) => {
          if (result !== 'ok') throw new GatewayError('protocol.unsupported', cannotReset)
          conversation.reset()
          outset()
          setUp.push(...change.setUp)
          settled = () => tell(change.welcome)
        })
      } catch (error) {
        fail(error)
      }
    }
    const stopStatement = (error?: GatewayError) => {
      const { current, keeping } = conversation
      if (conversation.over || stopping) return
      if (current?.statement) current.interrupted = error
      else if (keeping) keeping.stop(error)
      else return
      stopping = true
      void stopNow()
    }
    const stopNow = async () => {
      await parts.stopAtTarget('query')
      stopping = false
      conversation.outdateFacts()
      for (const go of calmed) go()
      calmed = []
      guarded(settle)()
    }
    const withdraw = parts.killable(kind => {
      if (kind === 'query') stopStatement()
      else fail(new GatewayError('session.ended', 'it was killed.'))
    })
    // Something is said many times a millisecond: that only sets a number back, and a slow clock looks at it.
    let silentTicks = 0
    const idleTimer = setInterval(() => {
      silentTicks += 1
      if (silentTicks > idleTicks) fail(new GatewayError('session.ended', 'nothing was said for too long.'))
    }, limits.idleTimeoutMs / idleTicks).unref()

    const onRelief = () => {
      if (questions.terminated) end('left')
      else if (client.isPaused() && questions.stream.waitingBytes < limits.relayBufferBytesMax)
        client.resume()
    }
    client.on(
      'data',
      guarded((chunk: Buffer) => {
        silentTicks = 0
        bytesFromClient += chunk.length
        if (detour) {
          detour.write(chunk)
          return
        }
        questions.stream.feed(chunk)
        if (questions.terminated) end('left')
        else if (questions.stream.waitingBytes > limits.relayBufferBytesMax) client.pause()
      }),
    )
    // A socket has given to the system what it does not hold any more; in memory the other side may still look at it.
    if (client instanceof Socket) readInPlace(target, () => client.writableLength === 0)
    target.on(
      'data',
      guarded((chunk: Buffer) => {
        silentTicks = 0
        const isStatement = conversation.current?.statement !== undefined
        try {
          answers.feed(chunk)
        } finally {
          const flowed = clientSide.flush()
          if (isStatement && flowed > 0) visit.flowed(flowed)
        }
        if (client.writableLength > limits.relayBufferBytesMax) target.pause()
        if (answers.finished?.swallowed === false && !answers.finished.held) questions.stream.answered()
        if (answers.settle()) settle()
        else if (conversation.current?.phase === 'file') questions.stream.beginFile()
      }),
    )
    client.on('drain', () => target.resume())
    target.on('drain', () => onRelief())
    client.on('end', () => end('left'))
    client.on('close', () => end('left'))
    client.on('error', () => end('lost'))
    const lost = () => {
      if (questions.terminated) end('left')
      else fail(new GatewayError('session.ended', 'the target closed the connection.'))
    }
    target.on('end', lost)
    target.on('close', lost)
    target.on('error', lost)
    visit.onInterrupt(stopStatement)
    visit.onCut(fail)
    outset()
    guarded(settle)()
  })
}

const cannotReset =
  'The target cannot begin a session anew (older than MySQL 5.7.3 or MariaDB 10.2.4). Connect again instead.'

/** How often in a row the question about the session may be hit by what was meant to stop a statement. */
const questionsMax = 3
const interrupted = '1317'

const unsettled = () => new GatewayError('session.ended', 'the state of the session could not be read.')
