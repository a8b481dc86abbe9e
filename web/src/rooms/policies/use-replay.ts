// A replay as it runs: findings arrive while the record is gone back over.

import { useEffect, useRef, useState } from 'react'
import type { ReplayEvent, ReplayFinding, ReplayInput } from '../../../../src/console/contract.ts'
import { ConsoleError, send } from '../../api/http.ts'
import { readEvents } from '../../api/query-stream.ts'

type Done = Extract<ReplayEvent, { kind: 'done' }>

interface State {
  readonly running: boolean
  readonly findings: readonly ReplayFinding[]
  readonly progress: { readonly statements: number; readonly share: number } | undefined
  readonly done: Done | undefined
  readonly error: unknown
}

const idle: State = { running: false, findings: [], progress: undefined, done: undefined, error: undefined }

export function useReplay() {
  const [state, setState] = useState(idle)
  const controller = useRef<AbortController>(undefined)
  useEffect(() => () => controller.current?.abort(), [])
  const start = async (input: ReplayInput): Promise<void> => {
    controller.current?.abort()
    const mine = new AbortController()
    controller.current = mine
    setState({ ...idle, running: true })
    try {
      const response = await send('POST /api/policies/replay', { in: input, signal: mine.signal })
      if (response.body === null) return
      const beganMs = Date.now()
      for await (const event of readEvents<ReplayEvent>(response.body)) {
        if (mine.signal.aborted) return
        setState(last => after(last, event, beganMs))
      }
    } catch (error) {
      if (!mine.signal.aborted) setState(last => ({ ...last, error }))
    } finally {
      if (controller.current === mine) setState(last => ({ ...last, running: false }))
    }
  }
  const stop = (): void => {
    controller.current?.abort()
    setState(last => ({ ...last, running: false }))
  }
  return { ...state, start, stop }
}

function after(state: State, event: ReplayEvent, beganMs: number): State {
  switch (event.kind) {
    case 'progress': {
      const share = (beganMs - event.atMs) / Math.max(1, beganMs - event.fromMs)
      return { ...state, progress: { statements: event.statements, share: Math.min(1, Math.max(0, share)) } }
    }
    case 'finding':
      return { ...state, findings: [...state.findings, event.finding] }
    case 'done':
      return { ...state, done: event }
    default:
      return { ...state, error: new ConsoleError('unreachable', '', event.message) }
  }
}
