// How large the journal is, for the health page.

import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

export async function journalFacts(
  folder: string,
): Promise<{ readonly bytes: number; readonly files: number }> {
  const names = await readdir(folder).catch(() => [])
  const sizes = await Promise.all(
    // One that was removed in between counts no more.
    names.map(async name => (await stat(join(folder, name)).catch(() => undefined))?.size ?? 0),
  )
  return { bytes: sizes.reduce((sum, size) => sum + size, 0), files: names.length }
}
