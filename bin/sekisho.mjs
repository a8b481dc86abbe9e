#!/usr/bin/env node
// The command `sekisho`: finds the Node 24 that belongs to the packages and runs the command line with it.

import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const own = join(root, 'node_modules', '.bin', 'node')
const newEnough = Number(process.versions.node.split('.')[0]) >= 24
if (!newEnough && !existsSync(own)) {
  process.stderr.write('The packages are not installed. Run `npm ci` in the folder of Sekisho first.\n')
  process.exit(1)
}
const child = spawn(
  newEnough ? process.execPath : own,
  [join(root, 'src', 'main', 'cli.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
)
// A terminal signals both of us; whoever signals only us means the command.
process.on('SIGINT', () => {})
for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('error', error => {
  process.stderr.write(`${error.message}\n`)
  process.exit(1)
})
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 1)))
