// What the start-up says while it works: one line per step, with a running clock on a terminal.

const terminal = process.stdout.isTTY === true && process.env.CI === undefined

/**
 * Shows one step while it runs, then how long it took.
 * @template T
 * @param {string} what
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(what, work) {
  const started = Date.now()
  const seconds = () => `${((Date.now() - started) / 1000).toFixed(1)} s`
  if (!terminal) process.stdout.write(`· ${what} …\n`)
  const draw = () => process.stdout.write(`\r\x1b[2K\x1b[36m·\x1b[0m ${what} … ${seconds()}`)
  const timer = terminal ? setInterval(draw, 100) : undefined
  try {
    const result = await work()
    if (timer !== undefined) clearInterval(timer)
    process.stdout.write(
      terminal ? `\r\x1b[2K\x1b[32m✓\x1b[0m ${what} (${seconds()})\n` : `✓ ${what} (${seconds()})\n`,
    )
    return result
  } catch (error) {
    if (timer !== undefined) clearInterval(timer)
    process.stdout.write(
      terminal ? `\r\x1b[2K\x1b[31m✗\x1b[0m ${what} (${seconds()})\n` : `✗ ${what} (${seconds()})\n`,
    )
    throw error
  }
}

/** @param {string} text */
export function say(text) {
  process.stdout.write(`${text}\n`)
}

/**
 * Ends with a message and no stack trace: what is wrong is outside of the program.
 * @param {unknown} error
 * @returns {never}
 */
export function giveUp(error) {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`)
  process.exit(1)
}
