// Starts the console.

import '@mantine/core/styles.css'
import '@mantine/notifications/styles.css'
import './identity/base.css'
import './parts/parts.css'
import './shell/shell.css'
import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { startLanguage } from './locales/i18n.ts'

const root = document.getElementById('root')
if (root === null) throw new Error('The page has no place for the console.')
await startLanguage()
createRoot(root).render(<App />)
