import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

// A default export because vite asks for one.
export default defineConfig({
  root: here("."),
  base: "./",
  plugins: [react()],
  resolve: {
    alias: {
      // It writes style elements, which the content security policy forbids; ui/base.css holds its one rule.
      "react-style-singleton": here("./ui/no-style-elements.ts"),
    },
  },
  build: {
    // Electron 45 carries Chromium 154; a browser beside it may be newer, never older.
    target: "chrome154",
    outDir: here("../dist/renderer"),
    emptyOutDir: true,
    // No data: addresses in style sheets, so that the policy needs none for fonts or images.
    assetsInlineLimit: 0,
    // One chunk: it is read from the local disk, and a second request is the slower part.
    chunkSizeWarningLimit: 2000,
    // The preload polyfill is an inline concern of older browsers.
    modulePreload: { polyfill: false },
  },
});
