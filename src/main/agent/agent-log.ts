// What the agent did, in a file of bounded size: never what passes through it.

import { appendFileSync, existsSync, mkdirSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { printableLine } from './printable.ts'

const bytesMax = 1024 * 1024

export const logFileOf = (folder: string): string => join(folder, 'agent.log')

export function agentLog(folder: string): (line: string) => void {
  const file = logFileOf(folder)
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  return line => {
    if (existsSync(file) && statSync(file).size > bytesMax) renameSync(file, `${file}.1`)
    appendFileSync(file, `${new Date().toISOString()} ${printableLine(line)}\n`, { mode: 0o600 })
  }
}

/** The last lines. */
export function readAgentLog(folder: string, count: number): readonly string[] {
  const file = logFileOf(folder)
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-count)
}
