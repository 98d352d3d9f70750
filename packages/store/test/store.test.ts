import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, test } from "vitest";
import { openStore } from "../src/index.ts";
import { storeCases } from "../src/testing.ts";

const folder = mkdtempSync(join(tmpdir(), "cutaway-store-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each([
  ["in memory", () => ":memory:"],
  ["in a file", () => join(folder, `${Math.random()}.db`)],
])("a store %s", (_, path) => {
  test.each(storeCases)("$name", ({ run }) => {
    const store = openStore(path());
    try {
      run(store);
    } finally {
      store.close();
    }
  });
});
