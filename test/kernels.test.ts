import { createHash } from "node:crypto";
import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("../", import.meta.url));
const modules = globSync("packages/*/src/**/*.wasm.ts", { cwd: root });

test("there are modules made by tools/kernels/assemble.mjs", () => {
  expect(modules.length).toBeGreaterThanOrEqual(3);
});

test.each(modules)("%s is made from the texts beside it as they are", (module) => {
  const header = readFileSync(join(root, module), "utf8").split("\n", 1)[0] as string;
  const [, extension, sha256] = header.match(/\w+\.(wat|as), .* from sha256:([0-9a-f]{64})\. \*\/$/) ?? [];
  const folder = join(root, dirname(module));
  const hash = createHash("sha256");
  for (const file of globSync(`*.${extension}`, { cwd: folder }).toSorted()) hash.update(readFileSync(join(folder, file)));
  expect(hash.digest("hex"), "run tools/kernels/assemble.mjs").toBe(sha256);
});
