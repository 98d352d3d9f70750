import { CutawayError } from "@cutaway/core";
import { embeddedPrices } from "@cutaway/plan";
import type { Context, Hono } from "hono";
import type { BenchJob } from "../tokenizing/bench-jobs.ts";
import type { TokenizerBench } from "../tokenizing/tokenizer-bench.ts";
import type { Uploads } from "../tokenizing/uploads.ts";
import { inputPrices } from "./input-prices.ts";
import { readInput } from "./read-input.ts";

/** Of a request with texts, in bytes of JSON. */
const textLimit = 16 * 1024 * 1024;
const fileLimit = 64 * 1024 * 1024;

/** Kinds of tokenizer files that can be uploaded; a .gguf lies in the models folder. */
const uploadable = /\.(?:json|model|tiktoken|txt)$/i;

/** `/api/tokenizers`, `/api/prices`: the tokenizer bench. */
export function addTokenizerRoutes(app: Hono, bench: TokenizerBench, uploads: Uploads): void {
  app.get("/api/tokenizers", async (context) => context.json({ tokenizers: await listed(uploads) }));
  app.post("/api/tokenizers/encode", (context) => answer(context, "encode"));
  app.post("/api/tokenizers/trace", (context) => answer(context, "trace"));
  app.post("/api/tokenizers/diff", (context) => answer(context, "diff"));
  app.post("/api/tokenizers/lints", (context) => answer(context, "lints"));
  app.post("/api/tokenizers/audit", (context) => answer(context, "audit"));

  app.post("/api/tokenizers", async (context) => {
    const given = context.req.query("name") ?? "";
    if (!uploadable.test(given)) {
      throw new CutawayError("not-a-tokenizer-file", `${JSON.stringify(given.slice(0, 80))} is not the name of a tokenizer file`, {
        fix: "Choose a tokenizer.json, a SentencePiece .model, a .tiktoken file of ranks, or a vocab.txt; a .gguf belongs in the models folder.",
      });
    }
    const name = uploads.add(given, await readInput(context, fileLimit, "Name the file on the command line: cutaway tokens show --tokenizer FILE."));
    try {
      return respond(await run(context, "describe", new TextEncoder().encode(JSON.stringify({ tokenizer: name }))), "application/json");
    } catch (error) {
      uploads.remove(name);
      throw error;
    }
  });

  app.get("/api/prices", (context) => {
    const { source } = embeddedPrices();
    return context.json({ source: { name: source.name, date: source.date }, models: inputPrices(new Date()) });
  });

  const run = async (context: Context, kind: BenchJob["kind"], body: Uint8Array) =>
    bench.run({ kind, body, files: await filesByName(uploads) }, context.req.raw.signal);
  const answer = async (context: Context, kind: BenchJob["kind"]) => {
    const body = await readInput(context, textLimit, "Save it and run `cutaway tokens show FILE`.");
    return respond(await run(context, kind, body), kind === "encode" ? "application/octet-stream" : "application/json");
  };
}

const respond = (bytes: Uint8Array<ArrayBuffer>, type: string) => new Response(bytes, { headers: { "content-type": type } });

/** Loaded when first asked for: the proxy starts without them. */
const sources = () => Promise.all([import("@cutaway/tokenizer/named"), import("@cutaway/runtime/models")]);

async function listed(uploads: Uploads) {
  const [{ isInstalled, tokenizerCatalog }, { listModels }] = await sources();
  return [
    ...tokenizerCatalog.filter((entry) => isInstalled(entry)).map(({ name, family, models }) => ({ name, from: "installed", family, models })),
    ...listModels()
      .filter(({ path }) => path !== undefined)
      .map(({ name }) => ({ name, from: "model" })),
    ...Array.from(uploads.files.keys(), (name) => ({ name, from: "upload" })),
  ];
}

async function filesByName(uploads: Uploads): Promise<Record<string, string>> {
  const { listModels } = await import("@cutaway/runtime/models");
  const models = listModels().flatMap(({ name, path }) => (path === undefined ? [] : [[name, path] as const]));
  return Object.fromEntries([...models, ...uploads.files]);
}
