import type { SchemaOptions } from "@cutaway/grammar";
import { remotes, suite } from "./data.ts";
import { judge } from "./judge.ts";
import { Table } from "./table.ts";

/** The required part of the JSON Schema Test Suite (formats say nothing there), or its optional groups on formats. */
export const suitePart = (draft: "draft7" | "draft2020-12", formats: boolean, only: string, say: (text: string) => void): Record<string, unknown> => {
  const table = new Table();
  const wrong: string[] = [];
  const refused: string[] = [];
  const options: SchemaOptions = {
    dialect: draft === "draft7" ? "draft7" : "2020-12",
    propertyOrder: "any",
    whitespace: "none",
    formats: formats ? "assert" : "annotate",
    documents: remotes(),
  };
  const prefix = formats ? "optional/format/" : "";
  const groups = suite(draft).filter(({ file }) => file.startsWith(prefix) && file.startsWith("optional/") === formats && file.includes(only));
  for (const group of groups) {
    const name = group.file.slice(prefix.length).replace(".json", "");
    const verdict = judge(group.schema, group.tests, options);
    if (verdict.kind === "failed" && verdict.code !== "schema-unsatisfiable") {
      refused.push(`${name} “${group.description}” (${group.tests.length}): ${verdict.code}: ${verdict.message}`);
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
  const total = table.total();
  say(`\nJSON Schema Test Suite, ${draft}, ${formats ? "formats asserted" : "required part"}`);
  say(table.print());
  for (const line of refused) say(`refused ${line.slice(0, 260)}`);
  for (const line of wrong) say(line);
  say(`cases right ${total.right}, refused ${total.refused}, accepts invalid ${total.acceptsInvalid}, rejects valid ${total.rejectsValid}`);
  return { total, wrong, refused, byKeyword: table.rows() };
};
