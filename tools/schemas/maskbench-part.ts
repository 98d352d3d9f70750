import type { SchemaOptions } from "@cutaway/grammar";
import type { MaskBenchRecord } from "./data.ts";
import { disputed } from "./disputed.ts";
import { judge, type Ms, type Verdict } from "./judge.ts";
import { asserting, keywordsIn } from "./keywords.ts";
import { type Outcome, percentile, Table } from "./table.ts";

export type Order = "declared" | "any";

/** Every schema of the MaskBench part compiled, every instance read byte by byte. */
export const maskBenchPart = (records: readonly MaskBenchRecord[], order: Order, say: (text: string) => void): Record<string, unknown> => {
  const table = new Table();
  const all = new Table();
  const times: Ms[] = [];
  const lines: string[] = [];
  const refused = new Map<string, string[]>();
  for (const record of records) {
    const verdict = judge(record.schema, record.tests, optionsFor(order));
    times.push(verdict.ms);
    const outcome = outcomeOf(record, verdict, order, lines);
    if (outcome === "refused" && verdict.kind === "failed") {
      const why = `${verdict.code} ${verdict.keyword}`;
      refused.set(why, [...(refused.get(why) ?? []), `${record.id} ${verdict.message}`]);
    }
    all.add("schemas", outcome);
    const keywords = keywordsIn(record.schema);
    for (const keyword of asserting) if (keywords.has(keyword)) table.add(keyword, outcome);
  }
  const total = all.total();
  const compileMs = { wall: percentiles(times.map(({ wall }) => wall)), cpu: percentiles(times.map(({ cpu }) => cpu)) };

  say(`\nMaskBench part, properties in ${order} order: ${records.length} schemas; by keywords that occur in them`);
  say(table.print());
  for (const [why, schemas] of [...refused].sort((a, b) => b[1].length - a[1].length)) {
    say(`refused, ${why}: ${schemas.length}`);
    for (const schema of schemas.slice(0, 20)) say(`    ${schema.slice(0, 300)}`);
  }
  for (const line of lines) say(line);
  const wrong = total.rejectsValid + total.acceptsInvalid;
  say(
    `all instances right: ${total.right} of ${records.length} (${((100 * total.right) / records.length).toFixed(2)} %); refused ${total.refused}, wrong ${wrong}`,
  );
  if (order === "declared")
    say(`of the others, ${total.otherOrder} have a valid instance whose properties stand in another order, which that option does not write`);
  for (const [clock, ms] of Object.entries(compileMs)) {
    say(
      `compile, ${clock} ms: ${Object.entries(ms)
        .map(([name, value]) => `${name} ${value.toFixed(2)}`)
        .join(", ")}`,
    );
  }
  return { schemas: records.length, total, wrong: lines, refused: Object.fromEntries(refused), compileMs, byKeyword: table.rows() };
};

const percentiles = (times: readonly number[]) => {
  const sorted = times.toSorted((a, b) => a - b);
  return { p50: percentile(sorted, 0.5), p90: percentile(sorted, 0.9), p99: percentile(sorted, 0.99), max: sorted.at(-1) ?? 0 };
};

const optionsFor = (propertyOrder: Order): SchemaOptions => ({ propertyOrder });

/** The worst of a schema's instances; each wrong one becomes a line. */
const outcomeOf = (record: MaskBenchRecord, verdict: Verdict, order: Order, lines: string[]): Outcome => {
  if (verdict.kind === "failed") {
    const nothingValid = verdict.code === "schema-unsatisfiable" && record.tests.every((test) => !test.valid);
    return nothingValid ? "right" : "refused";
  }
  const found = new Set<Outcome>();
  for (const [i, test] of record.tests.entries()) {
    if (verdict.accepted[i] === test.valid) continue;
    const outcome = !test.valid ? "acceptsInvalid" : order === "declared" && isInAnotherOrder(record, test.data) ? "otherOrder" : "rejectsValid";
    found.add(outcome);
    if (outcome === "otherOrder") continue;
    const why = disputed[`${record.id} test ${i}`];
    lines.push(`${outcome} ${record.id} test ${i}: ${JSON.stringify(test.data).slice(0, 200)}`);
    if (why !== undefined) lines.push(`    held to be a wrong label: ${why}`);
  }
  return (["acceptsInvalid", "rejectsValid", "otherOrder"] as const).find((outcome) => found.has(outcome)) ?? "right";
};

const isInAnotherOrder = (record: MaskBenchRecord, data: unknown): boolean => {
  const verdict = judge(record.schema, [{ data, valid: true }], optionsFor("any"));
  return verdict.kind === "compiled" && verdict.accepted[0] === true;
};
