import { existsSync, readdirSync, readFileSync } from "node:fs";
import { isCutawayError } from "@cutaway/core";
import { describe, expect, test } from "vitest";
import { checkValue, type SchemaOptions } from "../../src/json-schema/index.ts";
import { accepts } from "./accepts.ts";

// Test data with its own terms: read where it is, never copied here.
const data = new URL("../../../../../shared/data/jsonschema/", import.meta.url);
const here = existsSync(data);

interface Group {
  id?: string;
  file?: string;
  description?: string;
  schema: unknown;
  tests: { data: unknown; valid: boolean; description?: string }[];
}
const lines = (path: string): Group[] =>
  readFileSync(new URL(path, data), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Group);

/** Wrong answers of the grammar and of the check of values; the keywords that were refused. */
const judge = (groups: readonly Group[], options: SchemaOptions): { wrong: string[]; refused: Set<string>; right: number } => {
  const [wrong, refused]: [string[], Set<string>] = [[], new Set()];
  let right = 0;
  for (const group of groups) {
    let accepted: (value: unknown) => boolean;
    try {
      accepted = accepts(group.schema, options).value;
    } catch (error) {
      if (!isCutawayError(error)) throw error;
      if (error.code !== "schema-unsatisfiable") {
        expect(error.code).toBe("schema-unsupported");
        refused.add(String(error.data.keyword));
        continue;
      }
      accepted = () => false;
    }
    for (const { data: value, valid, description } of group.tests) {
      const checked = checkValue(group.schema, value, options).violations.length === 0;
      if (accepted(value) === valid && checked === valid) right++;
      else
        wrong.push(
          `${group.id ?? group.file} ${group.description ?? ""}: ${description ?? JSON.stringify(value)}, which is ${valid ? "valid" : "invalid"}`,
        );
    }
  }
  return { wrong, refused, right };
};

describe.skipIf(!here)("recorded schemas and values", () => {
  const documents = here ? (JSON.parse(readFileSync(new URL("test-suite/remotes.json", data), "utf8")) as Record<string, unknown>) : {};

  test.each([
    ["draft2020-12", "2020-12", 1_220, ["$ref", "$schema", "multipleOf", "uniqueItems"]],
    ["draft7", "draft7", 850, ["$ref", "multipleOf", "uniqueItems"]],
  ] as const)("the required part of the JSON Schema Test Suite, %s: nothing wrong", (file, dialect, least, keywords) => {
    const groups = lines(`test-suite/${file}.jsonl`).filter((group) => group.file?.startsWith("optional/") === false);
    const { wrong, refused, right } = judge(groups, { dialect, documents, propertyOrder: "any", whitespace: "none", formats: "annotate" });
    expect(wrong).toEqual([]);
    expect([...refused].sort()).toEqual(keywords);
    expect(right).toBeGreaterThan(least);
  });

  test("every 12th schema of the MaskBench part: nothing wrong", () => {
    const records = readdirSync(new URL("maskbench/", data))
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .flatMap((name) => lines(`maskbench/${name}`))
      .filter((_, i) => i % 12 === 0);
    const { wrong, refused } = judge(records, { propertyOrder: "any" });
    expect(wrong).toEqual([]);
    expect([...refused].filter((keyword) => keyword !== "uniqueItems")).toEqual([]);
  });
});
