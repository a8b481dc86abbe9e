// `npm run docs`: writes the pages that are made from the code.

import { readFileSync, writeFileSync } from 'node:fs'
import { writeConfigurationPage } from '../src/main/config-docs.ts'

const at = (path: string) => new URL(`../${path}`, import.meta.url)

writeFileSync(
  at('docs/configuration.md'),
  writeConfigurationPage(readFileSync(at('src/core/limits.ts'), 'utf8')),
)
