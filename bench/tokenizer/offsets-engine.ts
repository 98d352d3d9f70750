import { corpora, warmUp } from "./corpora.ts";
import { type OffsetsRun, type OffsetsTask, type Way, ways } from "./offsets-task.ts";
import { tokenizerOf } from "./tokenizers.ts";

/** A process of its own for one tokenizer: warmed up on other text, it takes the parts of each corpus in turn without and with offsets. */

const partLength = 20_000;

process.stdout.write(JSON.stringify(await run(JSON.parse(process.argv[2] as string) as OffsetsTask)));

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
