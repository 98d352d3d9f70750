/**
 * Trains tokenizers on legal text and shows what they make of citations that they have not seen, beside the tokenizers of general models.
 * npx node --conditions=@cutaway/source examples/legal/train.ts [--vocab-size 8000] [--corpus FILE] [--citations FILE] [--out tokenizer.json] [--json]
 * --corpus: text to train on besides the generated one. --citations: a file with a citation a line, measured as a group of its own.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import type { Tokenizer } from "@cutaway/core";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { auditTerms } from "@cutaway/tokenizer/reports";
import { type BpeOptions, trainBpe, writeTokenizerJson } from "@cutaway/tokenizer/training";
import { legalText, newCitations, seenSeries, unseenSeries } from "./citation-grammar.ts";
import { citationPattern } from "./citation-pattern.ts";

const { values } = parseArgs({
  options: {
    "vocab-size": { type: "string", default: "8000" },
    corpus: { type: "string" },
    citations: { type: "string" },
    out: { type: "string" },
    json: { type: "boolean" },
  },
});
const linesOf = (text: string) => text.split(/\r?\n/).filter((line) => line.trim() !== "");

const training = [legalText(1_000_000, 1), ...(values.corpus ? [readFileSync(values.corpus, "utf8")] : [])];
const groups: Record<string, string[]> = {
  "series seen, numbers new": newCitations(300, 2, seenSeries, training.join("")),
  "series never seen": newCitations(300, 3, unseenSeries, training.join("")),
  ...(values.citations && { "your citations": linesOf(readFileSync(values.citations, "utf8")) }),
};
/** English without citations, from another source: what the vocabulary of a domain costs elsewhere. */
const ordinary = readFileSync(new URL("../../LICENSE", import.meta.url), "utf8");

const options: BpeOptions = { vocabSize: Number(values["vocab-size"]), pattern: "o200k", lines: true };
const keep = seenSeries.filter(({ form }) => form !== "reporter").map(({ name }) => name);
const trained = {
  "legal, o200k's cut": await trainBpe(training, options),
  "legal, phrases kept": await trainBpe(training, { ...options, keep }),
  "legal, citations whole": await trainBpe(training, { ...options, pattern: citationPattern }),
};
if (values.out) writeFileSync(values.out, writeTokenizerJson(trained["legal, citations whole"]));

const tokenizers: [name: string, tokenizer: Tokenizer][] = [
  ["o200k_base", await loadTokenizer("o200k_base")],
  ["cl100k_base", await loadTokenizer("cl100k_base")],
  ...Object.entries(trained).map(([name, { json }]): [string, Tokenizer] => [name, fromTokenizerJson(json, name)]),
];
const example = "See 42 U.S.C. § 1983.";
const rows = tokenizers.map(([name, tokenizer]) => ({
  tokenizer: name,
  vocabSize: tokenizer.vocabSize,
  example: tokenizer.encodeWithSpans(example).map(({ span }) => example.slice(span.start, span.end)),
  // A citation stands behind a space.
  tokensPerCitation: Object.fromEntries(
    Object.entries(groups).map(([group, texts]) => [group, mean(texts.map((text) => tokenizer.count(` ${text}`)))]),
  ),
  ordinaryBytesPerToken: Buffer.byteLength(ordinary) / tokenizer.count(ordinary, { disallowedSpecial: "as-text" }),
}));
const [general, best] = [rows[0], rows.at(-1)] as [(typeof rows)[0], (typeof rows)[0]];
const saved = Object.fromEntries(
  Object.keys(groups).map((group) => [group, 1 - (best.tokensPerCitation[group] as number) / (general.tokensPerCitation[group] as number)]),
);
const audit = auditTerms(
  tokenizers[0]?.[1] as Tokenizer,
  Object.values(groups)
    .flat()
    .map((text) => ({ text })),
);

if (values.json) console.log(JSON.stringify({ rows, saved, audit: { do: audit.verdict.do, says: audit.verdict.says } }));
else {
  const columns = ["tokenizer", "vocabulary", ...Object.keys(groups), "other English"];
  const cells = rows.map((row) => [
    row.tokenizer,
    String(row.vocabSize),
    ...Object.values(row.tokensPerCitation).map((tokens) => tokens.toFixed(2)),
    `${row.ordinaryBytesPerToken.toFixed(2)} B/tok`,
  ]);
  const widths = columns.map((column, i) => Math.max(column.length, ...cells.map((row) => (row[i] as string).length)));
  console.log("Tokens a citation, mean");
  for (const row of [columns, ...cells])
    console.log(row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number))).join("  "));
  console.log(`\n${example}`);
  for (const row of rows) console.log(`${row.tokenizer.padEnd(widths[0] as number)}  ${row.example.join("|")}`);
  console.log("\nAgainst o200k_base, with citations whole:");
  for (const [group, part] of Object.entries(saved)) console.log(`  ${group}: ${moreOrFewer(part)}`);
  console.log(`  other English: ${moreOrFewer(1 - general.ordinaryBytesPerToken / best.ordinaryBytesPerToken)}`);
  console.log(`\nAudit of o200k_base: ${audit.verdict.says}`);
  console.log(
    "\nA vocabulary of its own is worth it only for a model whose embeddings you train, on text full of citations of series that it has seen.",
  );
  console.log("A model behind an API keeps its own tokenizer, and other text costs more.");
}

function moreOrFewer(saved: number): string {
  const percent = Math.round(100 * Math.abs(saved));
  return `${percent} % ${saved >= 0 ? "fewer" : "more"} tokens`;
}

function mean(numbers: number[]): number {
  return numbers.reduce((sum, item) => sum + item, 0) / numbers.length;
}
