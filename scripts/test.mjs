// `npm test`: everything, from types to real clients at real servers; the last line is the sum.

import { finish, runTests, staticChecks, testFiles } from './checks.mjs'
import { ensureDebianPackages } from './debian-packages.mjs'
import { ensurePackages } from './packages.mjs'
import { giveUp, say } from './say.mjs'
import { ensureWeb } from './web.mjs'

try {
  await ensureDebianPackages()
  await ensurePackages()
  await ensureWeb()
  const files = testFiles()
  say('\nTypes and style')
  const counts = [...(await staticChecks())]
  say('\nUnits and architecture')
  counts.push(await runTests(files.fast))
  if (files.real.length > 0) {
    say('\nReal servers and clients')
    counts.push(await runTests(files.real))
  }
  finish(counts)
} catch (error) {
  giveUp(error)
}
