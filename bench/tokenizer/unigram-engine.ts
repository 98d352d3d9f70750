import { readFileSync } from "node:fs";
import { fromSentencePieceModel } from "@cutaway/tokenizer";
import { type CorpusName, corpora, hashOf, warmUp } from "./corpora.ts";

/** A process of its own for one engine with a Unigram model: warmed up on other text, it takes each corpus once as new text and then again. */

export interface UnigramTask {
  engine: "cutaway" | "sentencepiece-js";
  /** Path of a `.model` file. */
  model: string;
  repeats: number;
  /** By corpus: the lines that are left out. */
  without: Partial<Record<CorpusName, number[]>>;
}

export interface UnigramRun {
  /** Milliseconds of CPU time from the path to the first ids. */
  load: number;
  corpora: Record<CorpusName, { first: number; repeated: number[]; tokens: number; hashes: string[] }>;
}

const task = JSON.parse(process.argv[2] as string) as UnigramTask;
const before = process.cpuUsage();
const encode = await engine();
encode("first");
const load = since(before);
// SentencePiece works on sentences: texts are given line by line.
const lines = (text: string) => text.split("\n");
for (let i = 0; i < 3; i++) for (const line of [...lines(warmUp()), warmUp()]) encode(line);

const result: Partial<UnigramRun["corpora"]> = {};
for (const name of Object.keys(corpora) as CorpusName[]) {
  const without = new Set(task.without[name]);
  const text = lines(corpora[name]()).filter((_, line) => !without.has(line));
  const [first, ids] = timed(text);
  const repeated = Array.from({ length: task.repeats }, () => timed(text)[0]);
  const lists = ids.map((list) => Uint32Array.from(list));
  const hashes = lists.map((list) => hashOf(new Uint8Array(list.buffer)));
  result[name] = { first, repeated, tokens: lists.reduce((sum, list) => sum + list.length, 0), hashes };
}
process.stdout.write(JSON.stringify({ load, corpora: result }));

type List = Iterable<number>;

async function engine(): Promise<(text: string) => List> {
  if (task.engine === "cutaway") {
    const tokenizer = fromSentencePieceModel(readFileSync(task.model), task.model);
    return (text) => tokenizer.encode(text, { disallowedSpecial: "as-text" });
  }
  const { SentencePieceProcessor } = (await import("@agnai/sentencepiece-js")) as {
    SentencePieceProcessor: new () => { load(path: string): Promise<void>; encodeIds(text: string): number[] };
  };
  const processor = new SentencePieceProcessor();
  await processor.load(task.model);
  return (text) => processor.encodeIds(text);
}

function timed(texts: string[]): [number, List[]] {
  const started = process.cpuUsage();
  const ids = texts.map(encode);
  return [since(started), ids];
}

/** Milliseconds of CPU time, of all threads. */
function since(started: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}
