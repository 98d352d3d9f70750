import { defineConfig } from "vitest/config";
import base from "./vitest.config.ts";

/** The tests that need a browser: Chromium of the system, see `packages/web/test/browser.ts`. One at a time. */
export default defineConfig({
  ...base,
  test: {
    include: ["packages/**/*.browser.test.ts"],
    exclude: ["**/node_modules/**"],
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    reporters: process.env.CI ? ["default", ["json", { outputFile: "reports/browser.json" }]] : ["default"],
  },
});
