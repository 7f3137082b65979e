import tailwindcss from '@tailwindcss/vite';
import react from '@vitejs/plugin-react';
import { compression } from 'vite-plugin-compression2';
import { type Plugin, defineConfig } from 'vite';

/** Asks for the font together with the style sheet; found only through it, the font would come too late. */
function preloadFonts(): Plugin {
  return {
    name: 'sanctum:preload-fonts',
    transformIndexHtml: {
      order: 'post',
      handler: (_html, { bundle }) =>
        Object.keys(bundle ?? {})
          .filter((file) => file.endsWith('.woff2'))
          .map((file) => ({
            tag: 'link',
            attrs: { rel: 'preload', href: `/${file}`, as: 'font', type: 'font/woff2', crossorigin: true },
            injectTo: 'head-prepend',
          })),
    },
  };
}

export default defineConfig({
  // Compressed once, here: the platform sends the copy that a browser accepts.
  plugins: [react(), tailwindcss(), preloadFonts(), compression({ threshold: 1024 })],
  build: {
    // Files of their own instead of data: addresses keep the Content-Security-Policy at 'self'.
    assetsInlineLimit: 0,
    target: 'es2023',
  },
  server: { proxy: { '/api': 'http://127.0.0.1:8375' } },
});
