import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** The configurator: `src/web` becomes `dist/web`, which the server hands out. Nothing is inlined, for the CSP. */
export default defineConfig({
  root: 'src/web',
  base: './',
  plugins: [react()],
  build: {
    outDir: '../../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    target: 'es2022',
    chunkSizeWarningLimit: 700,
  },
});
