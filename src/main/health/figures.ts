// How the process was over the last hour: memory, the delay of its event loop, sessions, and what waits to be carried.

import { monitorEventLoopDelay } from 'node:perf_hooks'
import type { HealthReport } from '../../console/contract.ts'

export interface Figures {
  readonly series: HealthReport['series']
  readonly process: HealthReport['process']
  close(): void
}

const stepMs = 30_000
const stepsMax = 120
const nanosecondsPerMs = 1e6
const resolutionMs = 20

export interface FiguresParts {
  readonly nowMs: () => number
  readonly sessions: () => number
  readonly waiting: () => number
}

export function createFigures(parts: FiguresParts): Figures {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs })
  delay.enable()
  const rssBytes: number[] = []
  const loopDelayMs: number[] = []
  const sessions: number[] = []
  const waiting: number[] = []
  let lastAtMs = parts.nowMs()
  const keep = (list: number[], value: number): void => {
    list.push(value)
    if (list.length > stepsMax) list.shift()
  }
  const take = (): void => {
    lastAtMs = parts.nowMs()
    keep(rssBytes, process.memoryUsage.rss())
    keep(loopDelayMs, delayOf(delay))
    keep(sessions, parts.sessions())
    keep(waiting, parts.waiting())
    delay.reset()
  }
  take()
  const timer = setInterval(take, stepMs).unref()
  return {
    get series() {
      return {
        stepMs,
        lastAtMs,
        rssBytes: [...rssBytes],
        loopDelayMs: [...loopDelayMs],
        sessions: [...sessions],
        waiting: [...waiting],
      }
    },
    get process() {
      const { rss, heapUsed } = process.memoryUsage()
      return {
        rssBytes: rss,
        heapBytes: heapUsed,
        loopDelayMs: delayOf(delay),
        openSessions: parts.sessions(),
      }
    },
    close() {
      clearInterval(timer)
      delay.disable()
    },
  }
}

/** The 99th percentile beyond what the timer itself takes. */
function delayOf(delay: ReturnType<typeof monitorEventLoopDelay>): number {
  const found = delay.percentile(99) / nanosecondsPerMs - resolutionMs
  return Number.isFinite(found) ? Math.max(0, Math.round(found * 10) / 10) : 0
}
