// The server's log: lines of JSON, or text for eyes on a terminal. To standard error, so that standard output is for people.

import { pino, type Logger } from 'pino'
import type { Config } from './config.ts'

const stderr = 2
const levels: Readonly<Record<number, string>> = {
  20: 'debug',
  30: 'info',
  40: 'warn',
  50: 'error',
  60: 'fatal',
}

export function createLog(config: Config['log']): Logger {
  const options = { level: config.level, base: null, timestamp: pino.stdTimeFunctions.isoTime }
  const asText = config.format === 'text' || (config.format === 'auto' && process.stderr.isTTY)
  if (!asText) return pino(options, pino.destination({ dest: stderr, sync: false }))
  return pino(options, { write: line => void process.stderr.write(toText(line)) })
}

/** `12:30:01 warn   the port of a target could not be opened  target=shop port=40000` */
function toText(line: string): string {
  const { time, level, msg, err, ...facts } = JSON.parse(line) as Record<string, unknown>
  const pairs = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  const stack = typeof err === 'object' && err !== null && 'stack' in err ? `\n${String(err.stack)}` : ''
  return `${String(time).slice(11, 19)} ${(levels[Number(level)] ?? '').padEnd(5)} ${String(msg)}  ${pairs.join(' ')}${stack}\n`
}
