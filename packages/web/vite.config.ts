import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** One script, one style sheet, nothing inline: the page runs under a policy that allows only its own files. */
export default defineConfig({
  root: import.meta.dirname,
  plugins: [react()],
  resolve: { conditions: ["@cutaway/source", "browser", "module", "import", "default"] },
  build: {
    target: "es2023",
    outDir: "dist",
    emptyOutDir: true,
    cssCodeSplit: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
