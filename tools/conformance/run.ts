/**
 * Holds every family's tokenizers against their references: corpora, odd texts, fuzzed strings.
 *
 *   npm run conformance -- [--python PATH] [--families NAME,…] [--cases NAME,…] [--corpora NAME,…|none] [--fuzz COUNT] [--seed NUMBER] [--json]
 *
 * Exit status 0: no difference; 1: some; 2: could not run.
 */
import { parseArgs } from "node:util";
import type { Tokenizer } from "@cutaway/core";
import { allCases, type Case, makeModels } from "./cases.ts";
import { difference, escaped, type Mismatch, type Mode, question, shrink } from "./compare.ts";
import { type Corpus, corpora, corpusNames, declarations } from "./corpora.ts";
import { type FuzzMaterial, fuzzTexts } from "./fuzz.ts";
import { oddTexts } from "./odd-texts.ts";
import { Oracle } from "./oracle.ts";
import { python } from "./python.ts";

interface Row {
  family: string;
  case: string;
  reference: string;
  texts: string;
  count: number;
  bytes: number;
  ids: number;
  mismatches: number;
  seconds: number;
}

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    families: { type: "string" },
    cases: { type: "string" },
    corpora: { type: "string", default: corpusNames.join(",") },
    fuzz: { type: "string", default: "100000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
    shown: { type: "string", default: "3" },
  },
});
const interpreter = python(values.python);
const log = (line: string) => process.stderr.write(`${line}\n`);
const texts = corpora(interpreter);
makeModels(interpreter);
const asked = values.corpora === "none" ? [] : texts.filter(({ name }) => values.corpora.split(",").includes(name));
const languages = [...new Set(declarations(interpreter).map(({ language }) => language))];
for (const { name, documents, bytes, sha256, contents } of texts) {
  log(`${name.padEnd(12)} ${bytes} bytes, ${documents.length} documents: ${contents}\n             SHA-256 ${sha256}`);
}
log(`${languages.length} languages: ${languages.join(" ")}\n`);

const rows: Row[] = [];
const skipped: { case: string; why: string }[] = [];
const found: (Mismatch & { case: string; texts: string })[] = [];
const wanted = allCases(interpreter).filter(
  ({ name, family }) => (values.families?.split(",").includes(family) ?? true) && (values.cases?.split(",").includes(name) ?? true),
);
for (const one of wanted) await runCase(one, strings(one));

const failed = rows.some(({ mismatches }) => mismatches > 0) || skipped.length > 0 || rows.length === 0;
if (values.json) process.stdout.write(`${JSON.stringify({ rows, skipped, mismatches: found, languages }, null, 2)}\n`);
else print();
process.exitCode = failed ? 1 : 0;

/** The fuzzed strings of a family are shared out among its cases, each with a seed of its own. */
function strings({ family, name }: Case): { count: number; seed: number } {
  const cases = wanted.filter((other) => other.family === family);
  const place = cases.findIndex((other) => other.name === name);
  return { count: Math.ceil(Number(values.fuzz) / cases.length), seed: Number(values.seed) + place };
}

async function runCase(one: Case, { count, seed }: { count: number; seed: number }): Promise<void> {
  const oracle = new Oracle(interpreter);
  try {
    const { version } = await oracle.load(one.reference, one.name, one.path);
    const tokenizer = await one.load();
    for (const { name, documents } of asked) await compareAll(one, tokenizer, oracle, version, name, documents);
    await compareAll(one, tokenizer, oracle, version, "odd", [...oddTexts, ...specialTexts(tokenizer)]);
    if (count > 0) await compareAll(one, tokenizer, oracle, version, "fuzz", fuzzTexts(count, seed, material(tokenizer, texts)));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    skipped.push({ case: one.name, why: `${why} ${one.fix}` });
    log(`${one.name}: skipped: ${why}`);
  } finally {
    oracle.end();
  }
}

function material(tokenizer: Tokenizer, all: Corpus[]): FuzzMaterial {
  return { documents: all.flatMap(({ documents }) => documents), specials: [...tokenizer.specialTokens.keys()].slice(0, 40) };
}

function specialTexts(tokenizer: Tokenizer): string[] {
  return [...tokenizer.specialTokens.keys()]
    .slice(0, 300)
    .flatMap((text) => [text, `a ${text} b`, ` ${text}${text}\n`, `x = "${text}";`, text.slice(1)]);
}

/** Which checks a batch gets: ids and counts always, the rest now and then. */
function modeOf({ specials, reference }: Case, batch: number, whole: boolean): Mode {
  const checked = whole ? batch % 4 === 0 : batch % 8 === 0;
  return {
    specials: specials && batch % 2 === 0,
    post: reference === "huggingface" && batch % 16 === 2,
    offsets: checked && reference === "huggingface",
    decode: batch % 4 === 1 || whole,
    self: checked,
  };
}

async function compareAll(one: Case, tokenizer: Tokenizer, oracle: Oracle, version: string, name: string, all: Iterable<string>): Promise<void> {
  const row: Row = { family: one.family, case: one.name, reference: version, texts: name, count: 0, bytes: 0, ids: 0, mismatches: 0, seconds: 0 };
  const from = performance.now();
  const waiting: { batch: string[]; mode: Mode; answers: ReturnType<Oracle["encode"]> }[] = [];
  let reported = performance.now();
  const settle = async () => {
    const next = waiting.shift();
    if (!next) return;
    const answers = await next.answers;
    for (const [index, answer] of answers.entries()) {
      const text = next.batch[index] as string;
      row.count++;
      row.bytes += Buffer.byteLength(text);
      row.ids += answer.ids?.length ?? 0;
      const mismatch = difference(tokenizer, text, answer, next.mode);
      if (!mismatch) continue;
      row.mismatches++;
      if (found.filter((other) => other.case === one.name && other.texts === name).length >= Number(values.shown)) continue;
      const smallest = await shrink(tokenizer, oracle, next.mode, mismatch);
      found.push({ ...smallest, case: one.name, texts: name });
      log(
        `${one.name} ${name}: ${smallest.what} (${smallest.mode}) ${escaped(smallest.text)}\n  ours   ${smallest.ours}\n  theirs ${smallest.theirs}`,
      );
    }
    if (performance.now() - reported > 10_000) {
      reported = performance.now();
      const seconds = (reported - from) / 1000;
      log(`  ${one.name} ${name}: ${row.count} texts, ${(row.count / seconds).toFixed(0)}/s, ${(row.bytes / 1e6 / seconds).toFixed(2)} MB/s`);
    }
  };
  let number = 0;
  for (const batch of batches(all)) {
    const mode = modeOf(one, number++, name !== "fuzz");
    waiting.push({ batch, mode, answers: oracle.encode(question(mode, batch)) });
    if (waiting.length > 2) await settle();
  }
  while (waiting.length > 0) await settle();
  row.seconds = (performance.now() - from) / 1000;
  rows.push(row);
  log(`${one.name} ${name}: ${row.count} texts, ${row.bytes} bytes, ${row.ids} ids, ${row.mismatches} differ, ${row.seconds.toFixed(1)} s`);
}

/** Up to 512 texts or about a quarter of a megabyte. */
function* batches(all: Iterable<string>): Generator<string[]> {
  let batch: string[] = [];
  let length = 0;
  for (const text of all) {
    batch.push(text);
    length += text.length;
    if (batch.length < 512 && length < 250_000) continue;
    yield batch;
    batch = [];
    length = 0;
  }
  if (batch.length > 0) yield batch;
}

function print(): void {
  const table = [
    ["family", "tokenizer", "reference", "texts", "number", "bytes", "ids", "differ"],
    ...rows.map((row) => [row.family, row.case, row.reference, row.texts, row.count, row.bytes, row.ids, row.mismatches].map(String)),
  ];
  const widths = (table[0] as string[]).map((_, column) => Math.max(...table.map((line) => (line[column] as string).length)));
  for (const line of table) {
    process.stdout.write(
      `${line.map((cell, column) => (column < 4 ? cell.padEnd(widths[column] as number) : cell.padStart(widths[column] as number))).join("  ")}\n`,
    );
  }
  for (const family of new Set(rows.map((row) => row.family))) {
    const of = rows.filter((row) => row.family === family);
    const sum = (list: Row[], key: "count" | "bytes" | "ids" | "mismatches") => list.reduce((total, row) => total + row[key], 0);
    const fuzzed = of.filter(({ texts }) => texts === "fuzz");
    process.stdout.write(
      `${family}: ${sum(of, "bytes")} bytes, ${sum(of, "ids")} ids, ${sum(fuzzed, "count")} fuzzed strings, ${sum(of, "mismatches")} differ\n`,
    );
  }
  for (const { case: name, why } of skipped) process.stdout.write(`skipped ${name}: ${why}\n`);
  for (const { case: name, texts: kind, what, mode, text, ours, theirs } of found) {
    process.stdout.write(`${name} ${kind}: ${what} (${mode}) ${escaped(text)}\n  ours   ${ours}\n  theirs ${theirs}\n`);
  }
}
