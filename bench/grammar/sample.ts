import { createHash } from "node:crypto";
import { fileURLToPath } from "node:url";
import { CutawayError, type Tokenizer } from "@cutaway/core";
import { testData } from "@cutaway/core/testing";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { type MaskBenchRecord, maskBench } from "../../tools/schemas/data.ts";
import type { Tokens } from "./engine.ts";

export interface Case {
  id: string;
  schema: unknown;
  /** The instances as compact JSON in the vocabulary's tokens. */
  tests: { valid: boolean; ids: number[] }[];
}

/** Llama 3's vocabulary of 128,256 tokens: from tools/vocabularies, which holds it for the tests of tokenizers. */
export const vocabulary = (): Promise<Tokenizer> =>
  loadTokenizer("llama3", { from: fileURLToPath(new URL("../../tools/vocabularies", import.meta.url)) });

export function tokensOf(tokenizer: Tokenizer): Tokens {
  const bytes = Array.from({ length: tokenizer.vocabSize }, (_, id) => {
    const kind = tokenizer.kindOf(id);
    return (kind === "text" || kind === "byte" ? tokenizer.bytesOf(id) : undefined) ?? new Uint8Array();
  });
  return { bytes, end: tokenizer.specialTokens.get("<|eot_id|>") as number };
}

/** `count` schemas of MaskBench, drawn by the hash of their names, and the hash of what was drawn. */
export function sample(tokenizer: Tokenizer, count: number): { cases: Case[]; hash: string } {
  if (testData("jsonschema") === undefined) {
    throw new CutawayError("no-test-data", "The schemas are not here: shared/data/jsonschema beside the clone, or where CUTAWAY_TEST_DATA says.");
  }
  const sha = (text: string): string => createHash("sha256").update(text).digest("hex");
  const drawn = maskBench()
    .map((record): [string, MaskBenchRecord] => [sha(record.id), record])
    .sort(([x], [y]) => (x < y ? -1 : 1))
    .slice(0, count)
    .map(([, record]) => record);
  const cases = drawn.map(({ id, schema, tests }) => ({
    id,
    schema,
    tests: tests.map(({ valid, data }) => ({ valid, ids: [...tokenizer.encode(JSON.stringify(data), { disallowedSpecial: "as-text" })] })),
  }));
  return { cases, hash: sha(JSON.stringify(cases)).slice(0, 16) };
}
