import { defineConfig } from "vitest/config";

const conditions = ["@cutaway/source", "node", "import", "module", "default"];

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["packages/*/test/**/*.test.ts", "test/**/*.test.ts"],
    exclude: ["**/node_modules/**", "**/*.browser.test.ts"],
    pool: "forks", // as threads of one process, ends of files that had run WebAssembly brought the whole process down inside V8 (nodejs/node#64500)
    execArgv: ["--no-wasm-code-gc"], // the same in files that start threads
    maxWorkers: "100%", // many tests wait for the processes that they start
    testTimeout: 120_000,
    reporters: process.env.CI ? ["default", ["json", { outputFile: "reports/tests.json" }]] : ["default"],
  },
});
