import { type Random, seededRandom } from "@cutaway/core";
import type { EngineName, LoadEngine, Matcher } from "./engine.ts";
import { type Case, sample, tokensOf, vocabulary } from "./sample.ts";

/** A process of its own for one engine: sets it up, then takes schema after schema and writes a line of JSON for each. */

export interface EngineTask {
  engine: EngineName;
  /** Schemas of the sample: how many are drawn, and which of them are taken. */
  drawn: number;
  from: number;
  to: number;
  /** Each schema is compiled anew so often; each time counted is the least. */
  rounds: number;
}

export type EngineLine =
  | { setupMs: number; hash: string }
  | { index: number; refused: string }
  | {
      index: number;
      compileMs: number;
      /** µs of every mask, in the order of the tests' tokens. */
      masks: number[];
      /** µs of explaining a token that may not come; ours only. */
      explained: number[];
      /** Tests that it judges as their labels say, [valid ones, invalid ones], and those it does not. */
      right: [valid: number, invalid: number];
      wrong: [valid: number, invalid: number];
    };

const task = JSON.parse(process.argv[2] as string) as EngineTask;
const { load } = (await import(`./${task.engine}.ts`)) as { load: LoadEngine };
const tokenizer = await vocabulary();
const { cases, hash } = sample(tokenizer, task.drawn);
const tokens = tokensOf(tokenizer);
const write = (line: EngineLine): unknown => process.stdout.write(`${JSON.stringify(line)}\n`);

const start = performance.now();
const engine = await load(tokens);
write({ setupMs: performance.now() - start, hash });
for (let index = task.from; index < Math.min(task.to, cases.length); index++) write(await taken(index, cases[index] as Case));

async function taken(index: number, { schema, tests }: Case): Promise<EngineLine> {
  let compileMs = Number.POSITIVE_INFINITY;
  const masks: number[] = [];
  const explained: number[] = [];
  let right: [number, number] = [0, 0];
  let wrong: [number, number] = [0, 0];
  for (let round = 0; round < task.rounds; round++) {
    const start = performance.now();
    let compiled: Awaited<ReturnType<typeof engine.compile>>;
    try {
      compiled = await engine.compile(schema);
    } catch (error) {
      return { index, refused: error instanceof Error ? error.message : String(error) };
    }
    compileMs = Math.min(compileMs, performance.now() - start);
    right = [0, 0];
    wrong = [0, 0];
    let step = 0;
    let asked = 0;
    // The same tokens in every round.
    const random = seededRandom(index);
    for (const { valid, ids } of tests) {
      const matcher = await compiled.start();
      let accepted = true;
      for (const id of [...ids, tokens.end]) {
        const start = performance.now();
        const mask = await matcher.mask();
        const micros = (performance.now() - start) * 1000;
        masks[step] = Math.min(masks[step] ?? Number.POSITIVE_INFINITY, micros);
        step++;
        if (matcher.explain && random() < 0.05) {
          explained[asked] = Math.min(explained[asked] ?? Number.POSITIVE_INFINITY, explainOne(matcher, mask, random));
          asked++;
        }
        accepted = (((mask[id >>> 5] ?? 0) >>> (id & 31)) & 1) === 1;
        if (!accepted) break;
        matcher.accept(id);
      }
      (accepted === valid ? right : wrong)[valid ? 0 : 1]++;
    }
  }
  return { index, compileMs, masks, explained, right, wrong };
}

/** A random token that may not come. */
function explainOne(matcher: Matcher, mask: Uint32Array, random: Random): number {
  let id = 0;
  do id = Math.floor(random() * tokens.bytes.length);
  while (((mask[id >>> 5] ?? 0) >>> (id & 31)) & 1);
  const start = performance.now();
  matcher.explain?.(id);
  return (performance.now() - start) * 1000;
}
