// `npm run screenshots [-- name …]`: builds the console pages if they changed, and takes their pictures.

import { ensureWeb } from './web.mjs'

await ensureWeb()
await import('../test/take-screenshots.ts')
