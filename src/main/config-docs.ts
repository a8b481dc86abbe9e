// docs/configuration.md, made from the schema so that it cannot say anything else.

import { limits } from '../core/limits.ts'
import { limitUnit, schema, type Setting, variableOf } from './config-schema.ts'

const lead = `# Configuration

<!-- Made from src/main/config-schema.ts by \`npm run docs\`. Do not edit by hand. -->

The server needs no configuration to start. It reads \`sekisho.yaml\` in the folder it is started in, or the file that
\`SEKISHO_CONFIG\` names; environment variables count over the file. Everything is checked at start, and all problems are
told at once. Secrets are better given as variables than in the file, and are never printed.

\`\`\`yaml
# sekisho.yaml
publicHost: sekisho.example.com
console:
  host: 0.0.0.0
  port: 443
  tlsCert: /etc/sekisho/console.pem
  tlsKey: /etc/sekisho/console.key
targets:
  host: 0.0.0.0
database:
  kind: mysql
  host: db.example.com
  tls: true
audit:
  strength: strict
\`\`\`

Relative paths are relative to the folder that the server is started in.
`

const initialOf = (setting: Setting): string => {
  if (setting.initialWords !== undefined) return setting.initialWords
  if (setting.initial === undefined) return '–'
  const empty = Array.isArray(setting.initial) && setting.initial.length === 0
  return empty ? 'none' : `\`${String(setting.initial)}\``
}

const kindOf = (setting: Setting): string =>
  setting.choices?.map(one => `\`${one}\``).join(', ') ?? setting.unit ?? setting.kind

/** @param limitsSource  the text of core/limits.ts, whose comments say what each limit is */
export function writeConfigurationPage(limitsSource: string): string {
  const rows = Object.entries(schema).map(
    ([name, setting]: [string, Setting]) =>
      `| \`${name}\` | \`${variableOf(name)}\` | ${kindOf(setting)} | ${initialOf(setting)} | ${setting.about} |`,
  )
  const limitRows = Object.entries(limits).map(
    ([name, initial]) =>
      `| \`limits.${name}\` | \`${variableOf(`limits.${name}`)}\` | ${initial.toLocaleString('en')} ${limitUnit(name)} | ${aboutLimit(limitsSource, name)} |`,
  )
  return [
    lead,
    '## Settings\n',
    '| Setting | Variable | Kind | Default | Meaning |',
    '|---|---|---|---|---|',
    ...rows,
    '\n## Limits\n',
    'Every buffer, queue, wait and retry has a limit. Set them only with a reason.\n',
    '| Setting | Variable | Default | Meaning |',
    '|---|---|---|---|',
    ...limitRows,
    '',
  ].join('\n')
}

/** The comment above a limit; a limit without one shares that of the limit before it. */
function aboutLimit(source: string, name: string): string {
  const before = source.slice(0, source.search(new RegExp(`^  ${name}:`, 'm')))
  const comments = [...before.matchAll(/\/\*\* ([^*]+?) \*\//g)]
  return comments.at(-1)?.[1] ?? ''
}
