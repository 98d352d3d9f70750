import { auditCsv, auditTerms, compareTokenizers, comparisonCsv, readQueries, readTerms } from "@cutaway/tokenizer/reports";
import { expect, test } from "vitest";
import { wordsOrBytes } from "./tiny-tokenizers.ts";

const tiny = wordsOrBytes("tiny", [" pump", "pump"]);

const rowsOf = (csv: string): string[][] =>
  csv
    .trimEnd()
    .split("\n")
    .map((row) => row.split(","));

test("a comparison has a row for all queries and one for each language, as wide as the header", () => {
  const csv = comparisonCsv(compareTokenizers([{ name: "tiny", tokenizer: tiny }], [{ text: "pump pump", language: "en" }, { text: "né" }]));
  const [header = [], all = [], english = [], latin = []] = rowsOf(csv);
  for (const row of [all, english, latin]) expect(row).toHaveLength(header.length);
  const at = (row: string[], name: string) => row[header.indexOf(name)];
  // pump| pump = 2 tokens, né = 3 bytes.
  expect(["language", "queries", "words", "tokens", "tokens_mean", "fertility"].map((name) => at(all, name))).toEqual([
    "all",
    "2",
    "3",
    "5",
    "2.5",
    String(5 / 3),
  ]);
  expect(["language", "language_by", "queries", "words", "tokens", "fertility"].map((name) => at(english, name))).toEqual([
    "en",
    "label",
    "1",
    "2",
    "2",
    "1",
  ]);
  expect(["language", "language_by", "tokens", "bytes_per_token", "fertility"].map((name) => at(latin, name))).toEqual([
    "Latin",
    "script",
    "3",
    "1",
    "3",
  ]);
  expect(at(all, "cost_per_query")).toBe("");
});

test("an audit has a row a term, and reads back as a list of terms", () => {
  const terms = [{ text: "pump", frequency: 3 }, { text: 'a,"b"\nc' }];
  const csv = auditCsv(auditTerms(tiny, terms));
  expect(readTerms(csv, "csv")).toEqual(terms);
  expect(readQueries(csv, "csv", { text: "tokens_in_text" })).toEqual([{ text: "1" }, { text: "8" }]);
});
