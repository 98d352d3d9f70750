import { type CorpusName, corpora, warmUp } from "./corpora.ts";
import { tokenizerOf } from "./tokenizers.ts";

/** A process of its own for one tokenizer: warmed up on other text, it takes the parts of each corpus in turn without and with offsets. */

export interface OffsetsTask {
  tokenizer: string;
  /** 0, 1 or 2: with which of the ways the first part is taken. Of three processes each takes every part another way. */
  turn: number;
}

export const ways = ["plain", "utf16", "utf8"] as const;
export type Way = (typeof ways)[number];
/** Milliseconds of CPU time; absent where the tokenizer is not installed. */
export type OffsetsRun = Record<CorpusName, Record<Way, number>> | null;

const partLength = 20_000;

if (process.argv[2]) process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2]) as OffsetsTask)));

async function run({ tokenizer: name, turn }: OffsetsTask): Promise<OffsetsRun> {
  const tokenizer = await tokenizerOf(name);
  if (!tokenizer) return null;
  const asText = { disallowedSpecial: "as-text" } as const;
  const take = (way: Way, text: string) => {
    if (way === "plain") tokenizer.encode(text, asText);
    else tokenizer.encodeWithOffsets(text, { ...asText, unit: way });
  };
  const parts = (text: string) =>
    Array.from({ length: Math.ceil(text.length / partLength) }, (_, at) => text.slice(at * partLength, (at + 1) * partLength));
  for (let round = 0; round < 3; round++) for (const part of parts(warmUp())) for (const way of ways) take(way, part);
  const timesOf = (text: string): Record<Way, number> => {
    const times = { plain: 0, utf16: 0, utf8: 0 };
    for (const [place, part] of parts(text).entries()) {
      const way = ways[(place + turn) % ways.length] as Way;
      const before = process.cpuUsage();
      take(way, part);
      const { user, system } = process.cpuUsage(before);
      times[way] += (user + system) / 1000;
    }
    return times;
  };
  return { prose: timesOf(corpora.prose()), code: timesOf(corpora.code()), multilingual: timesOf(corpora.multilingual()) };
}
