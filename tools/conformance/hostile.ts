/**
 * Broken tokenizer files of every kind, and very long texts of one character: every answer is exact or an error that says what is wrong, in bounded time.
 *
 *   npm run conformance:hostile -- [--python PATH] [--files COUNT] [--seed NUMBER] [--megabytes COUNT]
 *
 * Exit status 1: a file ended in anything but a CutawayError or a tokenizer that agrees with itself, or took more than 5 s; or a long text took more than 60 s.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { CutawayError } from "@cutaway/core";
import { allCases, makeModels } from "./cases.ts";
import { corpora } from "./corpora.ts";
import type { HostileResult, HostileTask } from "./hostile-worker.ts";
import { python } from "./python.ts";

const { values } = parseArgs({
  options: {
    python: { type: "string" },
    files: { type: "string", default: "5000" },
    seed: { type: "string", default: "1" },
    megabytes: { type: "string", default: "10" },
    cases: { type: "string" },
  },
});
const limitMs = 5000;
const interpreter = python(values.python);
corpora(interpreter);
makeModels(interpreter);
const results: HostileResult[] = [];
const first = Number(values.seed) * 1_000_000;
for (let next = first; next < first + Number(values.files); )
  next = await work({ python: interpreter, first: next, end: first + Number(values.files) });
printFiles();
const slow = Number(values.megabytes) > 0 ? await longTexts(Number(values.megabytes)) : 0;
process.exitCode = slow > 0 || results.some(({ outcome }) => outcome === "wrong") ? 1 : 0;

/** Runs until the task ends or a file hangs or kills the worker; returns the number of the next file. */
function work(task: HostileTask): Promise<number> {
  const worker = new Worker(join(import.meta.dirname, "hostile-worker.ts"), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
    execArgv: ["--conditions=@cutaway/source"],
  });
  return new Promise((resolve) => {
    let current = task.first;
    let timer: NodeJS.Timeout | undefined;
    const lost = (detail: string) => {
      clearTimeout(timer);
      results.push({ number: current, kind: "?", outcome: "wrong", detail, ms: limitMs });
      process.stderr.write(`file ${current}: ${detail}\n`);
      worker.removeAllListeners();
      void worker.terminate();
      resolve(current + 1);
    };
    worker.on("message", (message: number | HostileResult) => {
      clearTimeout(timer);
      if (typeof message === "number") {
        current = message;
        timer = setTimeout(lost, limitMs, `no answer within ${limitMs} ms`);
      } else {
        results.push(message);
      }
    });
    worker.on("error", (error) => lost(`the worker died: ${error.message}`));
    worker.on("exit", () => {
      clearTimeout(timer);
      resolve(task.end);
    });
  });
}

function printFiles(): void {
  for (const kind of new Set(results.map((result) => result.kind))) {
    const of = results.filter((result) => result.kind === kind);
    const codes = new Map<string, number>();
    for (const { outcome, detail } of of) {
      const key = outcome === "refused" ? detail : outcome;
      codes.set(key, (codes.get(key) ?? 0) + 1);
    }
    const slowest = Math.max(...of.map(({ ms }) => ms));
    process.stdout.write(
      `${kind}: ${of.length} files, ${[...codes].map(([code, count]) => `${code} ${count}`).join(", ")}; slowest ${slowest.toFixed(0)} ms\n`,
    );
  }
  for (const { number, kind, detail } of results.filter(({ outcome }) => outcome === "wrong").slice(0, 20)) {
    process.stdout.write(`wrong: ${kind} number ${number}: ${detail}\n`);
  }
  process.stdout.write(`${results.length} files, ${results.filter(({ outcome }) => outcome === "wrong").length} wrong; peak memory ${peak()} MB\n`);
}

/** Texts of one character; the number that took too long or failed in any other way than by a clear error. */
async function longTexts(megabytes: number): Promise<number> {
  let bad = 0;
  for (const one of allCases(interpreter).filter(({ name }) => values.cases?.split(",").includes(name) ?? true)) {
    const tokenizer = await one.load().catch(() => undefined);
    if (!tokenizer) continue;
    const times: string[] = [];
    for (const character of ["a", " ", "\n", "中", "\u0301", "0", "👍", "▁", "ab "]) {
      const text = character.repeat(Math.ceil((megabytes * 1e6) / Buffer.byteLength(character)));
      const from = performance.now();
      let outcome: string;
      try {
        outcome = `${tokenizer.count(text)} ids`;
      } catch (error) {
        outcome = error instanceof CutawayError ? error.code : String(error);
        if (!(error instanceof CutawayError)) bad++;
      }
      const seconds = (performance.now() - from) / 1000;
      if (seconds > 60) bad++;
      times.push(`${JSON.stringify(character)} ${seconds.toFixed(1)} s (${outcome})`);
    }
    process.stdout.write(`${one.name}, ${megabytes} MB: ${times.join(", ")}; peak memory ${peak()} MB\n`);
  }
  return bad;
}

function peak(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}
