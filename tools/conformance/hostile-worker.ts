/** Breaks files, loads them, uses what was loaded, and says how each went. Messages: a number when a file is begun, an object when it is done. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parentPort, workerData } from "node:worker_threads";
import { CutawayError, type Tokenizer } from "@cutaway/core";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { mutated } from "./mutate.ts";
import { pick, seededRandom } from "./random.ts";
import { type TokenizerFile, tokenizerFiles } from "./tokenizer-files.ts";

export interface HostileTask {
  python: string;
  /** Numbers of the files to break, from `first` on; a file's number is the seed of how it is broken. */
  first: number;
  end: number;
}

export interface HostileResult {
  number: number;
  kind: string;
  outcome: "refused" | "works" | "wrong";
  /** The error's code; or what was wrong. */
  detail: string;
  ms: number;
}

const { python, first, end } = workerData as HostileTask;
const files = tokenizerFiles(python);
const kinds = [...Map.groupBy(files, ({ kind }) => kind).values()];
const texts = [
  "",
  "Hello world, it's 2026.\n  ab abc <s> [CLS] <|endoftext|>",
  "naïve ▁ \u0085\ufeff 中文 \ud83d 👨‍👩‍👧 e\u0301",
  "a".repeat(3000),
  `${" ".repeat(500)}\n${"=".repeat(500)}`,
];
const folder = mkdtempSync(join(tmpdir(), "cutaway-hostile-"));
for (const [index, file] of files.entries()) {
  const { outcome, detail } = await tried(file, file.bytes, -index);
  if (outcome !== "works") throw new Error(`the unbroken ${file.kind}: ${outcome}, ${detail}`);
}
for (let number = first; number < end; number++) {
  const file = pick(seededRandom(~number), kinds[number % kinds.length] as TokenizerFile[]);
  parentPort?.postMessage(number);
  const from = performance.now();
  const result = await tried(file, mutated(seededRandom(number), file), number);
  parentPort?.postMessage({ number, kind: file.kind, ...result, ms: performance.now() - from } satisfies HostileResult);
}
rmSync(folder, { recursive: true });

async function tried({ name, beside = [] }: TokenizerFile, bytes: Uint8Array, number: number): Promise<Pick<HostileResult, "outcome" | "detail">> {
  const place = join(folder, String(number));
  mkdirSync(place);
  for (const other of [...beside, { name, bytes }]) writeFileSync(join(place, other.name), other.bytes);
  try {
    const tokenizer = await loadTokenizer(join(place, name));
    for (const text of texts) check(tokenizer, text);
    return { outcome: "works", detail: "" };
  } catch (error) {
    if (error instanceof CutawayError) return { outcome: "refused", detail: error.code };
    return { outcome: "wrong", detail: error instanceof Error ? (error.stack ?? error.message) : String(error) };
  } finally {
    rmSync(place, { recursive: true });
  }
}

/** Throws where an answer contradicts another. */
function check(tokenizer: Tokenizer, text: string): void {
  for (const options of [{ allowedSpecial: "all" }, { disallowedSpecial: "as-text" }] as const) {
    const ids = tokenizer.encode(text, options);
    const same = (other: ArrayLike<number>) => other.length === ids.length && ids.every((id, index) => id === other[index]);
    if (tokenizer.count(text, options) !== ids.length)
      throw new Error(`count ${tokenizer.count(text, options)}, ${ids.length} ids of ${JSON.stringify(text)}`);
    if (!same(tokenizer.trace(text, options).ids)) throw new Error(`the trace's ids differ for ${JSON.stringify(text)}`);
    const offsets = tokenizer.encodeWithOffsets(text, options);
    if (!same(offsets.ids)) throw new Error(`the offsets' ids differ for ${JSON.stringify(text)}`);
    if (offsets.ends.some((at, index) => at > Buffer.byteLength(text) || at < (offsets.starts[index] as number)))
      throw new Error("offsets out of the text");
    if (typeof tokenizer.decode(ids) !== "string") throw new Error("decode gives no text");
  }
}
