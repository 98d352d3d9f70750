import { isCutawayError, seededRandom, type Tokenizer } from "@cutaway/core";
import { checkValue, compileSchema, createGrammar, Expressions, type Grammar, type GrammarState, vocabularyOf } from "@cutaway/grammar";
import { ajvFor, type Validator } from "./ajv.ts";
import type { MaskBenchRecord } from "./data.ts";

export interface WalkReport {
  walks: number;
  /** Not whole after so many tokens. */
  unfinished: number;
  /** An unnamed property came twice, of which parsed JSON keeps one: nobody can say what the schema thinks of that. */
  repeatedNames: number;
  /** Finished texts that ajv looked at. */
  judged: number;
  invalid: { id: string; text: string; by: "ajv" | "checkValue"; says: string }[];
  schemas: number;
}

const walksEach = 5;
const patience = 40;
const mostTokens = 400;

/**
 * Answers drawn token by token among those that the mask allows, of schemas drawn at random, each then judged by ajv and by `checkValue`.
 * After `patience` tokens those that close something are preferred, so that answers end.
 */
export const walk = (tokenizer: Tokenizer, records: readonly MaskBenchRecord[], count: number, seed: number): WalkReport => {
  const random = seededRandom(seed);
  const report: WalkReport = { walks: 0, unfinished: 0, repeatedNames: 0, judged: 0, invalid: [], schemas: 0 };
  const closing = closingTokens(tokenizer);
  while (report.walks < count) {
    const record = records[Math.floor(random() * records.length)] as MaskBenchRecord;
    const grammar = grammarOf(tokenizer, record.schema);
    if (grammar === undefined) continue;
    report.schemas++;
    const validate = ajvFor(record.schema);
    for (let i = 0; i < walksEach && report.walks < count; i++) {
      report.walks++;
      const text = draw(grammar, tokenizer, closing, random);
      if (text === undefined) report.unfinished++;
      else judge(record, text, validate, report);
    }
  }
  return report;
};

const grammarOf = (tokenizer: Tokenizer, schema: unknown): Grammar | undefined => {
  try {
    const expressions = new Expressions();
    const { node } = compileSchema(expressions, schema);
    return createGrammar(tokenizer, { expressions, root: expressions.closed(node) });
  } catch (error) {
    if (isCutawayError(error)) return undefined;
    throw error;
  }
};

/** Text tokens of brackets, quotes and the like only. */
const closingTokens = (tokenizer: Tokenizer): number[] => {
  const { isText, starts, bytes, size } = vocabularyOf(tokenizer);
  const found: number[] = [];
  for (let id = 0; id < size; id++) {
    const text = bytes.subarray(starts[id], starts[id + 1]);
    if (isText[id] === 1 && text.length > 0 && text.every((byte) => byte === 0x22 || byte === 0x7d || byte === 0x5d)) found.push(id);
  }
  return found;
};

const draw = (grammar: Grammar, tokenizer: Tokenizer, closing: readonly number[], random: () => number): string | undefined => {
  const ids: number[] = [];
  let state: GrammarState = grammar.start();
  while (!state.finished && !(state.complete && random() < 0.2)) {
    if (ids.length > mostTokens) return undefined;
    const closers = ids.length > patience || random() < 0.2 ? closing.filter((id) => state.allows(id)) : [];
    const id = closers.length > 0 ? pick(closers, random) : pickAllowed(state.mask(), random);
    ids.push(id);
    state = state.accept(id);
  }
  return tokenizer.decode(ids);
};

const pick = (from: readonly number[], random: () => number): number => from[Math.floor(random() * from.length)] as number;

/** One of the mask's tokens, each as likely as another. */
const pickAllowed = (mask: Uint32Array, random: () => number): number => {
  let count = 0;
  for (let w = 0; w < mask.length; w++) count += bitsOf(mask[w] as number);
  let left = Math.floor(random() * count);
  let word = 0;
  for (let bits = bitsOf(mask[0] as number); left >= bits; bits = bitsOf(mask[++word] as number)) left -= bits;
  let rest = mask[word] as number;
  for (; left > 0; left--) rest &= rest - 1;
  return word * 32 + (31 - Math.clz32(rest & -rest));
};

/** How many bits of a word of 32 are set. */
const bitsOf = (word: number): number => {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
};

const judge = (record: MaskBenchRecord, text: string, validate: Validator | undefined, report: WalkReport): void => {
  if (repeatsName(text)) {
    report.repeatedNames++;
    return;
  }
  const value: unknown = JSON.parse(text);
  const [violation] = checkValue(record.schema, value).violations;
  if (violation !== undefined) report.invalid.push({ id: record.id, text, by: "checkValue", says: JSON.stringify(violation) });
  if (validate === undefined) return;
  report.judged++;
  const says = validate(value);
  if (says !== undefined) report.invalid.push({ id: record.id, text, by: "ajv", says });
};

const repeatsName = (text: string): boolean => {
  const open: (Set<string> | undefined)[] = [];
  for (const [token, colon] of text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g)) {
    if (token === "{" || token === "[") open.push(token === "{" ? new Set() : undefined);
    else if (token === "}" || token === "]") open.pop();
    else if (colon !== undefined) {
      const name = JSON.parse(token.slice(0, -colon.length)) as string;
      if (open.at(-1)?.has(name)) return true;
      open.at(-1)?.add(name);
    }
  }
  return false;
};
