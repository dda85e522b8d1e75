import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url))
const backend = process.env['TWIN_BACKEND'] ?? 'http://127.0.0.1:8000'

/**
 * Two pages, one bundle. Django serves the two html files at `/` and `/login/` and everything else of
 * `dist/` below `/static/`, so every address inside the build is absolute. The back office's forms load
 * `admin-map.js` and `admin-map.css` by these names: its pages are Django's and do not know the hashes of a build.
 */
export default defineConfig({
  base: '/static/',
  plugins: [vue()],
  resolve: { alias: { '@': here('./src') } },
  build: {
    outDir: 'dist',
    target: 'es2022',
    // A strict content security policy forbids inline scripts and data: fonts; keep every asset a file.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1400,
    rollupOptions: {
      input: {
        index: here('./index.html'), login: here('./login.html'), 'admin-map': here('./src/pages/admin/main.ts'),
      },
      output: {
        entryFileNames: ({ name }) => (name === 'admin-map' ? '[name].js' : 'assets/[name]-[hash].js'),
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
