import { collectGarbage } from "./collect-garbage.ts";
import { type CorpusName, corpora, hashOf, warmUp } from "./corpora.ts";
import type { EngineName, LoadEngine } from "./engines/engine.ts";

/** A process of its own for one engine: loads it, warms it up on other text, then takes each corpus once as new text and then again. */

export interface EngineTask {
  engine: EngineName;
  /** What is timed. */
  operation: Operation;
  repeats: number;
  /** How often the other text is taken first: what is compiled while it runs needs more. */
  warmUps: number;
}
export type Operation = "encode" | "count";

export interface EngineRun {
  corpora: Record<CorpusName, { first: number; repeated: number[]; tokens: number; hash: string }>;
}

const task = JSON.parse(process.argv[2] as string) as EngineTask;
const { load } = (await import(`./engines/${task.engine}.ts`)) as { load: LoadEngine };
const engine = await load();
const run = operation(task.operation);
const other = warmUp();
// Short texts and long ones, often enough that every way is compiled for good: an engine that remembered them would do none of the work again.
for (let i = 0; i < task.warmUps; i++) {
  await engine.forget?.();
  for (let at = 0; at < other.length; at += 50_000) await run(other.slice(at, at + 5000));
  await run(other);
}
// What warming up left behind is collected before the clock runs.
collectGarbage();

const result: Partial<EngineRun["corpora"]> = {};
for (const name of Object.keys(corpora) as CorpusName[]) {
  const text = corpora[name]();
  const [first, output] = await timed(text);
  const repeated: number[] = [];
  for (let i = 0; i < task.repeats; i++) repeated.push((await timed(text))[0]);
  result[name] = { first, repeated, tokens: typeof output === "number" ? output : output.length, hash: hashOfOutput(output) };
}
process.stdout.write(JSON.stringify({ corpora: result }));

function operation(name: Operation): (text: string) => Output | Promise<Output> {
  if (name === "encode") return (text) => engine.encode(text);
  if (!engine.count) throw new Error(`${task.engine} does not count without encoding`);
  return engine.count.bind(engine);
}

type Output = ArrayLike<number> | number;

/** Milliseconds of CPU time, of all threads. */
async function timed(text: string): Promise<[number, Output]> {
  const before = process.cpuUsage();
  const output = await run(text);
  const { user, system } = process.cpuUsage(before);
  return [(user + system) / 1000, output];
}

function hashOfOutput(output: Output): string {
  if (typeof output === "number") return String(output);
  return hashOf(new Uint8Array(Uint32Array.from(output).buffer));
}
