// The live view: statements as they pass, newest first; broken connections are opened again.

import { useCallback, useEffect, useRef, useState } from 'react'
import type { LiveEvent } from '../../../../src/console/contract.ts'
import { send } from '../../api/http.ts'
import { noticeSignedOut } from '../../api/queries.ts'
import { readEvents } from '../../api/query-stream.ts'

export type PassedStatement = Extract<LiveEvent, { kind: 'statement' }> & {
  readonly ended: Extract<LiveEvent, { kind: 'ended' }> | undefined
}

export interface LiveState {
  /** Newest first. */
  readonly statements: readonly PassedStatement[]
  /** More than could be shown, since the list was cleared. */
  readonly dropped: number
  readonly broken: boolean
}

const statementsMax = 200
const drawEveryMs = 250
const againMs = 1_000
const nothing: LiveState = { statements: [], dropped: 0, broken: false }

/** Takes events into what is shown. Pure. */
export function takeEvents(state: LiveState, events: readonly LiveEvent[]): LiveState {
  let { statements, dropped } = state
  for (const event of events) {
    if (event.kind === 'statement') {
      statements = [{ ...event, ended: undefined }, ...statements].slice(0, statementsMax)
    }
    if (event.kind === 'ended') {
      statements = statements.map(one => (one.id === event.id ? { ...one, ended: event } : one))
    }
    if (event.kind === 'dropped') dropped += event.count
  }
  return { statements, dropped, broken: false }
}

/** @param paused  what passes meanwhile is not kept */
export function useLive(paused: boolean): LiveState & { readonly clear: () => void } {
  const [state, setState] = useState(nothing)
  const waiting = useRef<LiveEvent[]>([])
  useEffect(() => {
    if (paused) return undefined
    const abort = new AbortController()
    const draw = setInterval(() => {
      const events = waiting.current
      if (events.length === 0) return
      waiting.current = []
      setState(before => takeEvents(before, events))
    }, drawEveryMs)
    void follow(
      abort.signal,
      event => waiting.current.push(event),
      () => setState(before => ({ ...before, broken: true })),
    )
    return () => {
      abort.abort()
      clearInterval(draw)
      waiting.current = []
    }
  }, [paused])
  const clear = useCallback(() => setState(nothing), [])
  return { ...state, clear }
}

async function follow(
  signal: AbortSignal,
  take: (event: LiveEvent) => void,
  broken: () => void,
): Promise<void> {
  while (!signal.aborted) {
    try {
      const response = await send('GET /api/sessions/live', { signal })
      for await (const event of readEvents<LiveEvent>(response.body ?? new ReadableStream())) take(event)
    } catch (error) {
      if (signal.aborted) return
      noticeSignedOut(error)
      broken()
    }
    await new Promise(resolve => setTimeout(resolve, againMs))
  }
}
