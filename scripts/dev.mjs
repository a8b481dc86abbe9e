// `npm run dev`: the server restarts and the pages are built anew whenever a source changes.

import { spawn } from 'node:child_process'
import { ensurePackages } from './packages.mjs'
import { environment, node, root } from './places.mjs'
import { standInFor } from './run.mjs'
import { giveUp } from './say.mjs'
import { ensureWeb, hasWeb, viteArguments } from './web.mjs'

try {
  await ensurePackages()
  await ensureWeb()
} catch (error) {
  giveUp(error)
}
const options = { cwd: root, env: environment(), stdio: ['ignore', 'inherit', 'inherit'], detached: true }
const children = [spawn(node, ['--watch', '--watch-preserve-output', 'src/main/server.ts'], options)]
if (hasWeb()) children.push(spawn(node, viteArguments('--watch'), options))
for (const child of children) child.on('error', giveUp)
standInFor(children)
