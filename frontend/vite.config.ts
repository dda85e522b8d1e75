import vue from '@vitejs/plugin-vue'
import { readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'vite'
import { defineConfig } from 'vitest/config'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const backend = process.env['TWIN_BACKEND'] ?? 'http://127.0.0.1:8000'
/** All files of a build are written within this time. */
const ONE_BUILD_MS = 60_000

/**
 * A build must not pull the floor from under pages that are just loading: what the build before it made stays beside it,
 * what is older goes. Names below `assets/` hold a hash of their content, so old and new do not meet.
 */
function keepTheBuildBefore(): Plugin {
  let before = 0
  return {
    name: 'keep-the-build-before',
    apply: 'build',
    buildStart() {
      before = statSync(here('./dist/index.html'), { throwIfNoEntry: false })?.mtimeMs ?? 0
    },
    writeBundle({ dir }, bundle) {
      for (const name of readdirSync(join(dir!, 'assets'))) {
        const file = join(dir!, 'assets', name)
        if (!(`assets/${name}` in bundle) && statSync(file).mtimeMs < before - ONE_BUILD_MS) rmSync(file)
      }
    },
  }
}

/**
 * Four pages, one bundle. Django serves the html files at `/`, `/login/`, `/r/` and `/desk/reports/` and everything else of
 * `dist/` below `/static/`, so every address inside the build is absolute. The back office's pages load
 * `admin-map.js`, `admin-map.css` and `admin-progress.js` by these names: its pages are Django's and do not know the hashes of a build.
 */
export default defineConfig({
  base: '/static/',
  plugins: [vue(), keepTheBuildBefore()],
  resolve: { alias: { '@': here('./src') } },
  build: {
    outDir: 'dist',
    emptyOutDir: false,
    target: 'es2022',
    // A strict content security policy forbids inline scripts and data: fonts; keep every asset a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
    rollupOptions: {
      input: {
        index: here('./index.html'), login: here('./login.html'), resident: here('./resident.html'),
        desk: here('./desk.html'), 'admin-map': here('./src/pages/admin/main.ts'),
        'admin-progress': here('./src/pages/admin-progress/main.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (name.startsWith('admin-') ? '[name].js' : 'assets/[name]-[hash].js'),
        assetFileNames: ({ names }) => (names.includes('admin-map.css') ? '[name][extname]' : 'assets/[name]-[hash][extname]'),
      },
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/layers', '/admin', '/media'].map((path) => [path, { target: backend, changeOrigin: true }]),
    ),
  },
  test: { environment: 'node', include: ['tests/**/*.test.ts'] },
})
