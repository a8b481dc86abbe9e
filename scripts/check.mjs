// `npm run check`: types, lint, format, unit tests and the architecture test; nothing but the npm packages is needed.

import { finish, runTests, staticChecks, testFiles } from './checks.mjs'
import { ensurePackages } from './packages.mjs'
import { giveUp } from './say.mjs'

try {
  await ensurePackages()
  finish([...(await staticChecks()), await runTests(testFiles().fast)])
} catch (error) {
  giveUp(error)
}
