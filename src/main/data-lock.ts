// One process at a time for a data folder: two would write the same journal and break its chain.

import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

export interface DataLock {
  release(): void
}

/** @throws Error if another process that is alive has the folder */
export function lockData(dataDir: string): DataLock {
  const file = join(dataDir, 'in-use')
  const mark = `${process.pid} ${startOf(process.pid)}\n`
  for (;;) {
    try {
      writeFileSync(file, mark, { flag: 'wx', mode: 0o600 })
      return { release: () => void (read(file) === mark && rmSync(file, { force: true })) }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const [pid = '', start = ''] = read(file)?.trim().split(' ') ?? []
    if (isAlive(Number(pid), start)) {
      throw new Error(`another Sekisho (process ${pid}) uses the data folder ${dataDir}. Stop it first.`)
    }
    // Left behind by a process that was killed.
    rmSync(file, { force: true })
  }
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

function isAlive(pid: number, start: string): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  // The number may have gone to another program since.
  return startOf(pid) === start
}

/** When the process was started, in ticks since the machine was; `-` where the system does not say. */
function startOf(pid: number): string {
  const stat = read(`/proc/${pid}/stat`)
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '-'
}
