// How the browser half of the console is built, and served with made-up data while working on it.

import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { demoApi } from './dev/demo-api.ts'

export default defineConfig(({ mode }) => ({
  root: import.meta.dirname,
  plugins: [react(), ...(mode === 'demo' ? [demoApi()] : [])],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    target: 'es2023',
    // The page's security policy allows no `data:` scripts or styles; files stay files.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 700,
  },
  server: { proxy: mode === 'demo' ? {} : { '/api': 'http://127.0.0.1:8080' } },
}))
