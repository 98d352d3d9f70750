import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("only `named` uses what a browser does not have", () => {
  const source = fileURLToPath(new URL("../src/", import.meta.url));
  const offenders = globSync("**/*.ts", { cwd: source }).filter((file) =>
    /from "node:|\bBuffer\b|\bprocess\.|\brequire\(/.test(readFileSync(source + file, "utf8")),
  );
  expect(offenders).toContain("named.ts");
  expect(offenders.filter((file) => file !== "named.ts" && !file.startsWith("named/"))).toEqual([]);
  const fromOutside = globSync("**/*.ts", { cwd: source }).filter((file) => /from "[^"]*\/named\//.test(readFileSync(source + file, "utf8")));
  expect(fromOutside).toEqual(["named.ts"]);
});
