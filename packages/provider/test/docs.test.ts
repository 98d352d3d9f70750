import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { WireFormat } from "@cutaway/core";
import { toCaseFile } from "@cutaway/provider";
import { expect, test } from "vitest";
import { messagesParameters } from "../src/anthropic-messages/parameters.ts";
import { chatParameters } from "../src/openai-chat/parameters.ts";
import { responsesParameters } from "../src/openai-responses/parameters.ts";
import type { ParameterField } from "../src/request/parameter-fields.ts";
import { chatStream } from "./streams.ts";
import { callIn, sse } from "./support.ts";

const doc = (path: string) => readFileSync(fileURLToPath(new URL(`../../../docs/${path}`, import.meta.url)), "utf8");
const sources = fileURLToPath(new URL("../src/identify", import.meta.url));

test("docs/formats.md names every format that is not decoded", () => {
  const named = readdirSync(sources).flatMap((file) =>
    [...readFileSync(`${sources}/${file}`, "utf8").matchAll(/unsupported: (?:[^"{}]*\? )?"([a-z0-9-]+)"(?: : "([a-z0-9-]+)")?/g)].flatMap(
      ([, ...names]) => names.filter((name) => name !== undefined),
    ),
  );
  expect(new Set(named).size).toBeGreaterThan(20);
  const text = doc("formats.md");
  expect([...new Set(named)].filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
});

test("docs/parameters.md has a row for every parameter, with a dash where a format lacks it", () => {
  const tables: [WireFormat, readonly ParameterField[]][] = [
    ["openai-chat", chatParameters],
    ["openai-responses", responsesParameters],
    ["anthropic-messages", messagesParameters],
  ];
  const rows = doc("parameters.md")
    .split("\n")
    .filter((line) => /^\| `/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, name = "", ...cells]) => ({ name: name.replaceAll("`", "").split(".")[0] as string, cells }));
  for (const [column, [format, fields]] of tables.entries()) {
    const documented = new Set(rows.filter(({ cells }) => !cells[column]?.startsWith("–")).map(({ name }) => name));
    expect([format, [...documented].sort()]).toEqual([format, fields.map((entry) => entry.name as string).sort()]);
  }
});

test("a case file has the fields that its published schema requires, and no others", () => {
  const schema = JSON.parse(doc("schemas/case.schema.json")) as { required: string[]; properties: Record<string, { required?: string[] }> };
  const file = toCaseFile(callIn({ request: { model: "m", messages: [] }, response: sse(chatStream, { done: true }) }));
  expect(Object.keys(file).sort()).toEqual(schema.required.toSorted());
  for (const side of ["request", "response"] as const)
    expect(Object.keys(file[side] as object).sort()).toEqual(schema.properties[side]?.required?.toSorted());
});
