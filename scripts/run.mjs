// Starts programs: quietly with their output kept for the case of failure, or as a stand-in that passes signals on.

import { spawn } from 'node:child_process'
import { root } from './places.mjs'

/** Bytes of output kept of a quiet program. */
const outputBytesMax = 200_000

/**
 * Runs a program to its end without showing its output.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<{ code: number, output: string }>}
 */
export function quietly(program, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: root,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    const keep = chunk => {
      output = (output + chunk).slice(-outputBytesMax)
    }
    child.stdout.on('data', keep)
    child.stderr.on('data', keep)
    child.on('error', reject)
    child.on('close', code => resolve({ code: code ?? 1, output }))
  })
}

/**
 * As `quietly`, but failing is an error that carries the output.
 * @param {string} program
 * @param {readonly string[]} args
 * @param {{ env?: NodeJS.ProcessEnv }} [options]
 */
export async function succeed(program, args, options = {}) {
  const { code, output } = await quietly(program, args, options)
  if (code !== 0) throw new Error(`${output.trim()}\n\n${program} ${args.join(' ')} ended with code ${code}.`)
  return output
}

/** A terminal and npm both pass ctrl-C on: the second copy within this time is the same keypress. */
const sameKeypressMs = 1000

/**
 * Stands in for programs until the first of them ends: passes signals on, ends the others, and takes over its exit code.
 * @param {readonly import('node:child_process').ChildProcess[]} children  started with `detached`, so that a terminal does
 *   not signal them beside us
 */
export function standInFor(children) {
  let lastSignalMs = 0
  const pass = signal => {
    const now = Date.now()
    if (now - lastSignalMs < sameKeypressMs) return
    lastSignalMs = now
    for (const child of children) child.kill(signal)
  }
  process.on('SIGINT', () => pass('SIGINT'))
  process.on('SIGTERM', () => pass('SIGTERM'))
  process.on('SIGHUP', () => pass('SIGTERM'))
  let running = children.length
  let result = 0
  for (const child of children) {
    child.on('exit', (code, signal) => {
      running -= 1
      if (running === children.length - 1)
        result = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 0 : 1)
      if (running === 0) process.exit(result)
      for (const other of children)
        if (other.exitCode === null && other.signalCode === null) other.kill('SIGTERM')
    })
  }
}
