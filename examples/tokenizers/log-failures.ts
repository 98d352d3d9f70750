/**
 * Takes failing inputs apart: for each what the tokenizer made of it, what went wrong, the fix, and whether the mended input is sound.
 * npx node --conditions=@cutaway/source examples/tokenizers/log-failures.ts [FILE.jsonl] [--json]
 */
import { readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { type FailingInput, findCauses } from "./find-causes.ts";
import { type Mended, renderFailure } from "./render-failure.ts";

const { values, positionals } = parseArgs({ allowPositionals: true, options: { json: { type: "boolean" } } });
const file = positionals[0] ?? new URL("failing-inputs.jsonl", import.meta.url);
const inputs = readFileSync(file, "utf8")
  .split("\n")
  .filter((line) => line !== "")
  .map((line) => JSON.parse(line) as FailingInput);
const others = await Promise.all(["o200k_base", "cl100k_base"].map((name) => loadTokenizer(name)));

for (const [i, input] of inputs.entries()) {
  const tokenizer = await loadTokenizer(input.tokenizer ?? "o200k_base");
  const trace = tokenizer.trace(input.text, { disallowedSpecial: "as-text" });
  const causes = findCauses(input, tokenizer, others);
  const mended = input.instead && (await mend(input, input.instead));
  if (values.json) {
    const { name, failure, text } = input;
    const ids = [...(input.ids ?? trace.ids)];
    console.log(JSON.stringify({ name, failure, text, tokenizer: tokenizer.name, ids, decoded: tokenizer.decode(ids), causes, mended }));
  } else {
    console.log([...(i > 0 ? [""] : []), ...renderFailure(input, tokenizer, trace, causes, mended)].join("\n"));
  }
}

/** The mended input looked at in the same way. */
async function mend(input: FailingInput, instead: NonNullable<FailingInput["instead"]>): Promise<Mended> {
  const { ids: _, focus: __, ...same } = input;
  const mended: FailingInput = { ...same, ...instead };
  const tokenizer = await loadTokenizer(mended.tokenizer ?? "o200k_base");
  const tokens = mended.ids?.length ?? tokenizer.count(mended.text, { disallowedSpecial: "as-text" });
  return { text: mended.text, tokenizer: tokenizer.name, tokens, causes: findCauses(mended, tokenizer, others) };
}
