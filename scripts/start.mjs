// `npm start`: installs what is missing, builds the pages, and runs the server in the foreground. Runs on Node 20 as well.

import { spawn } from 'node:child_process'
import { ensurePackages } from './packages.mjs'
import { node, root, serverEnvironment } from './places.mjs'
import { standInFor } from './run.mjs'
import { giveUp } from './say.mjs'
import { ensureWeb } from './web.mjs'

try {
  await ensurePackages()
  await ensureWeb()
} catch (error) {
  giveUp(error)
}
const server = spawn(node, ['src/main/server.ts', ...process.argv.slice(2)], {
  cwd: root,
  env: serverEnvironment(),
  stdio: ['ignore', 'inherit', 'inherit'],
  detached: true,
})
server.on('error', giveUp)
standInFor([server])
