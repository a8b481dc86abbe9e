// Writes how a server stands as the files that would make it so. Passwords are references to fill in.

import { Document } from 'yaml'
import { defaults, type Facts, type Standing } from './state.ts'
import { type Kind, kinds } from './kinds.ts'

export function exportDocuments(standing: Standing): string {
  const documents = kinds.flatMap(kind =>
    [...standing.facts[kind]].map(([name, facts]) => ({ kind, name, ...shortened(kind, name, facts) })),
  )
  return documents
    .map(one => new Document(one).toString({ lineWidth: 0, blockQuote: 'literal' }))
    .join('---\n')
}

/** Without what would be filled in anyhow. */
function shortened(kind: Kind, name: string, facts: Facts): Facts {
  const known = defaults[kind]
  const kept = Object.entries(facts).filter(
    ([key, value]) => value !== undefined && JSON.stringify(known[key]) !== JSON.stringify(value),
  )
  const secrets =
    kind === 'Target'
      ? {
          password: `\${${variableOf(name)}_PASSWORD}`,
          ...(facts['jump'] === null ? {} : { jumpSecret: `\${${variableOf(name)}_JUMP_SECRET}` }),
        }
      : {}
  return { ...Object.fromEntries(kept), ...secrets }
}

const variableOf = (name: string): string => name.toUpperCase().replace(/[^A-Z0-9]/g, '_')
