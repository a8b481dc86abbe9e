// One session between a client that is known and a target that is ready, from its first statement to its end.

import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Clock } from '../../core/clock.ts'
import { systemClock } from '../../core/clock.ts'
import { GatewayError } from '../../core/errors.ts'
import type { Limits } from '../../core/limits.ts'
import type { Visit } from '../../gate/gate.ts'
import type { SqlState } from '../../sql/dialect.ts'
import { MalformedBytes } from '../../wire/byte-reader.ts'
import { readInPlace } from '../target-reading.ts'
import { Departures } from './batch.ts'
import { encodeTerminate } from './codec.ts'
import { Conversation } from './conversation.ts'
import { FromClient } from './from-client.ts'
import { FromTarget } from './from-target.ts'
import { Keeping } from './keeping.ts'
import { encodeFatal, wordInterrupted } from './refuse.ts'
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

/** In so many parts the time without a word is measured; the session ends within the part after the last. */
const idleTicks = 32

/**
 * Carries the conversation to its end. Resolves when it is over and both sides are being closed; never rejects.
 * @param state  how statements are read at the beginning
 * @param processId  the target's number for the session
 * @param stopAtTarget  asks the target to cancel what it is doing for the session; resolves when it was asked, never rejects
 */
export function relay(
  client: Duplex,
  target: Duplex,
  visit: Visit,
  state: SqlState,
  limits: Limits,
  clock: Clock = systemClock,
  processId?: number,
  stopAtTarget: () => Promise<void> = () => Promise.resolve(),
): Promise<Farewell> {
  return new Promise(resolve => {
    let bytesFromClient = 0
    let bytesToClient = 0
    let over = false

    const end = (reason: string, error?: unknown) => {
      if (over) return
      over = true
      clearInterval(idleTimer)
      answers.endAll()
      keeping.endAll()
      if (error !== undefined && answers.atBoundary && client.writable)
        client.write(encodeFatal(asTold(error)))
      if (!questions.terminated) targetSide.send(visit.passage, [encodeTerminate()])
      target.end()
      client.end()
      resolve({ reason, error, traffic: { bytesFromClient, bytesToClient } })
    }
    const fail = (problem: unknown) => {
      const error =
        problem instanceof MalformedBytes
          ? new GatewayError('session.ended', 'a message could not be read.', { cause: problem })
          : problem
      end(error instanceof GatewayError ? error.code : 'internal', error)
    }
    const guarded = <Arguments extends unknown[]>(act: (...given: Arguments) => void) => {
      return (...given: Arguments) => {
        if (over) return
        try {
          act(...given)
        } catch (error) {
          fail(error)
        }
      }
    }

    const conversation = new Conversation(visit, state, clock, processId)
    const targetSide = new TargetSide(target)
    const departures = new Departures(conversation, targetSide, fail)
    const tell = (...messages: Buffer[]) => {
      if (over) return
      for (const message of messages) handOn(message)
      flush()
    }
    const keeping = new Keeping({ conversation, departures, limits, tell })
    const questions = new FromClient(conversation, departures, keeping, limits, fail)
    // One write for each chunk of the target, also where something in it was replaced.
    let first: Buffer | undefined
    let flowing = 0
    const handOn = (bytes: Buffer) => {
      bytesToClient += bytes.length
      flowing += bytes.length
      if (first) {
        if (client.writableCorked === 0) client.cork()
        client.write(first)
      }
      first = bytes
    }
    const flush = () => {
      if (first) client.write(first)
      first = undefined
      if (client.writableCorked > 0) client.uncork()
      if (flowing > 0) visit.flowed(flowing)
      flowing = 0
    }
    const answers = new FromTarget(conversation, limits, handOn)
    let walking = false
    let cutWhileWalking: GatewayError | undefined
    // Something is said many times a millisecond: that only sets a number back, and a slow clock looks at it.
    let silentTicks = 0
    const idleTimer = setInterval(() => {
      silentTicks += 1
      if (silentTicks > idleTicks) fail(new GatewayError('session.ended', 'nothing was said for too long.'))
    }, limits.idleTimeoutMs / idleTicks).unref()

    client.on(
      'data',
      guarded((chunk: Buffer) => {
        silentTicks = 0
        bytesFromClient += chunk.length
        questions.feed(chunk)
        if (questions.waitingBytes > limits.relayBufferBytesMax) client.pause()
      }),
    )
    // A socket has given to the system what it does not hold any more; in memory the other side may still look at it.
    if (client instanceof Socket) readInPlace(target, () => client.writableLength === 0)
    target.on(
      'data',
      guarded((chunk: Buffer) => {
        silentTicks = 0
        walking = true
        try {
          answers.feed(chunk)
        } finally {
          walking = false
          flush()
        }
        if (cutWhileWalking) cut(cutWhileWalking)
        if (client.writableLength > limits.relayBufferBytesMax) target.pause()
      }),
    )
    client.on('drain', () => target.resume())
    let clientEnded = false
    departures.onRelief = () => {
      if (clientEnded && !questions.isBusy) end('left')
      else if (client.isPaused() && questions.waitingBytes < limits.relayBufferBytesMax) client.resume()
    }
    target.on('drain', departures.onRelief)

    // What the client said before it left is still done, as the target itself would do it.
    client.on('end', () => {
      clientEnded = true
      departures.onRelief()
    })
    client.on('close', () => end('left'))
    client.on('error', () => end('lost'))
    const lost = () => {
      if (questions.terminated) end('left')
      else fail(new GatewayError('session.ended', 'the target closed the connection.'))
    }
    target.on('end', lost)
    target.on('close', lost)
    target.on('error', lost)
    const cut = (error: GatewayError) => {
      // The target would go on with what nobody waits for any more.
      if (conversation.expected.size > 0 || conversation.asking) void stopAtTarget()
      fail(error)
    }
    // The end of a statement may be what a cut waited for: its answer is still to be handed on.
    const stopRunning = async () => {
      departures.hold()
      await stopAtTarget()
      guarded(() => departures.release())()
    }
    visit.onCut(error => {
      if (walking) cutWhileWalking = error
      else cut(error)
    })
    visit.onInterrupt(error => {
      const running = conversation.asking ?? conversation.expected.first
      if (over) return
      if (running === undefined) {
        keeping.stop(wordInterrupted(error))
        return
      }
      running.interrupted = wordInterrupted(error)
      void stopRunning()
    })
  })
}

const asTold = (error: unknown): GatewayError =>
  error instanceof GatewayError ? error : new GatewayError('internal', 'this session', { cause: error })
