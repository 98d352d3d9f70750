import { readFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { fileURLToPath } from "node:url";
import * as core from "@cutaway/core";
import { expect, test } from "vitest";
import * as plan from "../src/index.ts";

const page = readFileSync(fileURLToPath(new URL("../../../docs/costs.md", import.meta.url)), "utf8");

test("the example of docs/costs.md prints what the page says", () => {
  const [, code = "", printed = ""] = /```ts\n(.*?)```\n\nprints\n\n```\n(.*?)```/s.exec(page) ?? [];
  const body = stripTypeScriptTypes(code).replaceAll(/^import (\{.*\}) from "@cutaway\/(\w+)";$/gm, "const $1 = packages.$2;");
  const lines: string[] = [];
  new Function("packages", "console", body)({ core, plan }, { log: (line: string) => lines.push(line) });
  expect(`${lines.join("\n")}\n`).toBe(printed);
});

test("docs/costs.md names the dates of the lists", () => {
  const { source, secondSource } = plan.embeddedPrices();
  const cells = page.replaceAll(/ +\| +/g, " | ");
  expect(cells).toContain(`| prices | ${source.name} ${source.version} (MIT) | ${source.date}`);
  expect(cells).toContain(`commit ${secondSource?.version} (MIT) | ${secondSource?.date}`);
});
