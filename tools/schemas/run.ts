import { parseArgs } from "node:util";
import type { SchemaOptions } from "@cutaway/grammar";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { hasData, maskBench, remotes, suite } from "./data.ts";
import { disputed } from "./disputed.ts";
import { judge } from "./judge.ts";
import { asserting, keywordsIn } from "./keywords.ts";
import { percentile, Table } from "./table.ts";
import { byTokens } from "./tokens.ts";
import { walk } from "./walks.ts";

/**
 * The conformance of the schema front end: every schema of the MaskBench part compiled, every instance read byte by byte; then the required part of the
 * JSON Schema Test Suite. Prints what is right, what is refused and why, and every wrong answer.
 *
 *   npm run conformance:schemas -- [--part maskbench|suite|formats|tokens|walks] [--order declared|any] [--only WORD] [--json]
 *
 * Asked for by name only, as they take minutes: `tokens`, the MaskBench part token by token under --tokenizer; `walks`, --count answers drawn among allowed
 * tokens, judged by ajv.
 */
const { values } = parseArgs({
  options: {
    part: { type: "string" },
    order: { type: "string", default: "declared" },
    only: { type: "string", default: "" },
    tokenizer: { type: "string", default: "o200k_base" },
    count: { type: "string", default: "10000" },
    seed: { type: "string", default: "1" },
    json: { type: "boolean", default: false },
  },
});
const say = (text: string): void => {
  if (!values.json) console.log(text);
};

const maskBenchPart = (): Record<string, unknown> => {
  const options: SchemaOptions = { propertyOrder: values.order === "any" ? "any" : "declared", labels: false };
  const table = new Table();
  const times: number[] = [];
  const wrong: string[] = [];
  const refused = new Map<string, string[]>();
  let right = 0;
  const records = maskBench().filter((record) => record.id.includes(values.only));
  for (const record of records) {
    const verdict = judge(record.schema, record.tests, options);
    times.push(verdict.milliseconds);
    const keywords = keywordsIn(record.schema);
    let outcome: "right" | "refused" | "rejectsValid" | "acceptsInvalid" = "right";
    if (verdict.kind === "failed") {
      if (verdict.code === "schema-unsatisfiable" && record.tests.every((test) => !test.valid)) outcome = "right";
      else {
        outcome = "refused";
        const why = `${verdict.code} ${verdict.keyword}`;
        refused.set(why, [...(refused.get(why) ?? []), `${record.id} ${verdict.message}`]);
      }
    } else {
      for (const [i, test] of record.tests.entries()) {
        if (verdict.accepted[i] === test.valid) continue;
        outcome = test.valid ? "rejectsValid" : "acceptsInvalid";
        wrong.push(`${outcome} ${record.id} test ${i}: ${JSON.stringify(test.data).slice(0, 200)}`);
      }
    }
    if (outcome === "right") right++;
    for (const keyword of asserting) if (keywords.has(keyword)) table.add(keyword, outcome);
  }
  times.sort((a, b) => a - b);
  say(`\nMaskBench part, properties ${values.order}: ${records.length} schemas`);
  say(table.print());
  for (const [why, ids] of [...refused].sort((a, b) => b[1].length - a[1].length)) {
    say(`refused, ${why}: ${ids.length}`);
    for (const id of ids.slice(0, values.only === "" ? 5 : 50)) say(`    ${id.slice(0, 300)}`);
  }
  for (const line of wrong) {
    say(line);
    const [, id, , test = ""] = line.split(" ");
    const why = disputed[`${id} test ${test.slice(0, -1)}`];
    if (why !== undefined) say(`    held to be a wrong label: ${why}`);
  }
  const schemasWrong = new Set(wrong.map((line) => line.split(" ")[1])).size;
  const ms = { p50: percentile(times, 0.5), p90: percentile(times, 0.9), p99: percentile(times, 0.99), max: times.at(-1) };
  const share = ((100 * right) / records.length).toFixed(2);
  say(`right ${right} of ${records.length} (${share} %), refused ${records.length - right - schemasWrong}, wrong ${schemasWrong}`);
  say(`compile ms: p50 ${ms.p50.toFixed(2)}, p90 ${ms.p90.toFixed(2)}, p99 ${ms.p99.toFixed(1)}, max ${ms.max?.toFixed(0)}`);
  return { schemas: records.length, right, wrong, refused: Object.fromEntries(refused), compileMs: ms, byKeyword: table.rows() };
};

const suitePart = (draft: "draft7" | "draft2020-12", formats: boolean): Record<string, unknown> => {
  const table = new Table();
  const wrong: string[] = [];
  const refused: string[] = [];
  const options: SchemaOptions = {
    dialect: draft === "draft7" ? "draft7" : "2020-12",
    propertyOrder: "any",
    whitespace: "none",
    formats: formats ? "assert" : "annotate",
    documents: remotes(),
    labels: false,
  };
  let cases = 0;
  for (const group of suite(draft)) {
    if ((formats ? !group.file.startsWith("optional/format/") : group.file.startsWith("optional/")) || !group.file.includes(values.only)) continue;
    const name = group.file.replace("optional/format/", "").replace(".json", "");
    const verdict = judge(group.schema, group.tests, options);
    cases += group.tests.length;
    if (verdict.kind === "failed" && verdict.code !== "schema-unsatisfiable") {
      refused.push(`${name} “${group.description}” (${group.tests.length}): ${verdict.code} ${verdict.keyword}: ${verdict.message}`);
      for (const _ of group.tests) table.add(name, "refused");
      continue;
    }
    for (const [i, test] of group.tests.entries()) {
      const accepted = verdict.kind === "compiled" && verdict.accepted[i] === true;
      const outcome = accepted === test.valid ? "right" : test.valid ? "rejectsValid" : "acceptsInvalid";
      table.add(name, outcome);
      if (outcome !== "right") wrong.push(`${outcome} ${name} “${group.description}”, “${test.description}”: ${JSON.stringify(test.data)}`);
    }
  }
  say(`\nJSON Schema Test Suite, ${draft}, ${formats ? "formats asserted" : "required part"}: ${cases} cases`);
  say(table.print());
  for (const line of refused) say(`refused ${line.slice(0, 260)}`);
  for (const line of wrong) say(line);
  const total = table.total();
  say(`right ${total.right}, refused ${total.refused}, accepts invalid ${total.acceptsInvalid}, rejects valid ${total.rejectsValid}`);
  return { cases, total, wrong, refused, byKeyword: table.rows() };
};

if (!hasData()) {
  console.error("The test data is not here: ../shared/data/jsonschema");
  process.exit(2);
}
const results: Record<string, unknown> = {};
if (values.part === undefined || values.part === "maskbench") results.maskBench = maskBenchPart();
for (const draft of ["draft2020-12", "draft7"] as const) {
  if (values.part === undefined || values.part === "suite") results[draft] = suitePart(draft, false);
  if (values.part === undefined || values.part === "formats") results[`${draft} formats`] = suitePart(draft, true);
}
if (values.part === "tokens") {
  const report = byTokens(
    await loadTokenizer(values.tokenizer),
    maskBench().filter((record) => record.id.includes(values.only)),
    values.order === "any" ? "any" : "declared",
  );
  const { wrong, differs, ...counts } = report;
  for (const line of [...wrong, ...differs]) say(line);
  say(JSON.stringify(counts));
  results.tokens = report;
}
if (values.part === "walks") {
  const report = walk(await loadTokenizer(values.tokenizer), maskBench(), Number(values.count), Number(values.seed));
  for (const { id, text, by, says } of report.invalid) say(`invalid by ${by}: ${id} ${says}\n    ${text.slice(0, 300)}`);
  say(JSON.stringify({ ...report, invalid: report.invalid.length }));
  results.walks = report;
}
if (values.json) console.log(JSON.stringify(results, null, 1));
