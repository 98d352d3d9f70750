import { parseArgs } from "node:util";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { hasData, maskBench } from "./data.ts";
import { maskBenchPart } from "./maskbench-part.ts";
import { suitePart } from "./suite-part.ts";
import { byTokens } from "./tokens.ts";
import { walk } from "./walks.ts";

/**
 * The conformance of the schema front end: the MaskBench part with properties in any order and in the declared one, and the required part of the JSON
 * Schema Test Suite. Prints what is right, what is refused and why, and every wrong answer.
 *
 *   npm run conformance:schemas -- [--part maskbench|suite|formats|tokens|walks] [--order declared|any] [--only WORD] [--json]
 *
 * Asked for by name only, as they take minutes: `tokens`, the MaskBench part token by token under --tokenizer; `walks`, --count answers drawn among allowed
 * tokens, judged by ajv.
 */
const { values } = parseArgs({
  options: {
    part: { type: "string" },
    order: { type: "string" },
    only: { type: "string", default: "" },
    tokenizer: { type: "string", default: "o200k_base" },
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
if (!hasData()) {
  console.error("The test data is not here: ../shared/data/jsonschema");
  process.exit(2);
}
const say = (text: string): void => {
  if (!values.json) console.log(text);
};
const records = () => maskBench().filter((record) => record.id.includes(values.only));
const orders = (["any", "declared"] as const).filter((order) => values.order === undefined || values.order === order);
const results: Record<string, unknown> = {};

switch (values.part) {
  case "tokens": {
    const report = byTokens(await loadTokenizer(values.tokenizer), records(), orders[0] ?? "any");
    const { wrong, differs, ...counts } = report;
    for (const line of [...wrong, ...differs.map((one) => `masks and bytes differ: ${one}`)]) say(line);
    say(JSON.stringify(counts));
    results.tokens = report;
    break;
  }
  case "walks": {
    const report = walk(await loadTokenizer(values.tokenizer), records(), Number(values.count), Number(values.seed));
    for (const { id, text, by, says } of report.invalid) say(`invalid by ${by}: ${id} ${says}\n    ${text.slice(0, 300)}`);
    say(JSON.stringify({ ...report, invalid: report.invalid.length }));
    results.walks = report;
    break;
  }
  default: {
    if (values.part === undefined || values.part === "maskbench")
      for (const order of orders) results[`maskbench ${order}`] = maskBenchPart(records(), order, say);
    for (const draft of ["draft2020-12", "draft7"] as const) {
      if (values.part === undefined || values.part === "suite") results[draft] = suitePart(draft, false, values.only, say);
      if (values.part === "formats") results[`${draft} formats`] = suitePart(draft, true, values.only, say);
    }
  }
}
if (values.json) console.log(JSON.stringify(results, null, 1));
