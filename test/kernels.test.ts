import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect, test } from "vitest";

const root = new URL("../", import.meta.url);
const modules = globSync("packages/*/src/**/*.wasm.ts", { cwd: root.pathname });

test("there are modules made by tools/kernels/assemble.mjs", () => {
  expect(modules.length).toBeGreaterThanOrEqual(3);
});

test.each(modules)("%s is made from the texts beside it as they are", (module) => {
  const header = readFileSync(new URL(module, root), "utf8").split("\n", 1)[0] as string;
  const [, extension, sha256] = header.match(/\w+\.(wat|as), .* from sha256:([0-9a-f]{64})\. \*\/$/) ?? [];
  const folder = new URL(`${dirname(module)}/`, root);
  const hash = createHash("sha256");
  for (const file of globSync(`*.${extension}`, { cwd: folder.pathname }).toSorted()) hash.update(readFileSync(new URL(file, folder)));
  expect(hash.digest("hex"), "run tools/kernels/assemble.mjs").toBe(sha256);
});
