import { isCutawayError, type Tokenizer } from "@cutaway/core";
import { compileSchema, createGrammar, Expressions, type Grammar } from "@cutaway/grammar";
import type { MaskBenchRecord } from "./data.ts";

export interface TokensReport {
  schemas: number;
  refused: number;
  instances: number;
  masks: number;
  /** Schemas with every instance right. */
  right: number;
  wrong: string[];
  /** Where masks and bytes do not say the same. */
  differs: string[];
}

/** Every instance read token by token through whole masks, as a model would have to write it; and byte by byte beside that. */
export const byTokens = (tokenizer: Tokenizer, records: readonly MaskBenchRecord[], propertyOrder: "declared" | "any"): TokensReport => {
  const report: TokensReport = { schemas: records.length, refused: 0, instances: 0, masks: 0, right: 0, wrong: [], differs: [] };
  for (const record of records) {
    const expressions = new Expressions();
    let grammar: Grammar;
    try {
      const { node } = compileSchema(expressions, record.schema, { propertyOrder });
      grammar = createGrammar(tokenizer, { expressions, root: expressions.closed(node) });
    } catch (error) {
      if (!isCutawayError(error)) throw error;
      report.refused++;
      continue;
    }
    const start = grammar.start();
    let right = true;
    for (const [i, { data, valid }] of record.tests.entries()) {
      report.instances++;
      const text = JSON.stringify(data);
      const { accepted, masks } = readTokens(grammar, tokenizer.encode(text));
      report.masks += masks;
      if (accepted !== expressions.matches(start.node, new TextEncoder().encode(text))) report.differs.push(`${record.id} test ${i}`);
      if (accepted === valid) continue;
      right = false;
      report.wrong.push(`${valid ? "rejectsValid" : "acceptsInvalid"} ${record.id} test ${i}`);
    }
    if (right) report.right++;
  }
  return report;
};

const readTokens = (grammar: Grammar, ids: Uint32Array): { accepted: boolean; masks: number } => {
  let state = grammar.start();
  for (const [i, id] of ids.entries()) {
    const allowed = ((state.mask()[id >>> 5] as number) >>> (id & 31)) & 1;
    if (allowed === 0) return { accepted: false, masks: i + 1 };
    state = state.accept(id);
  }
  return { accepted: state.complete, masks: ids.length };
};
