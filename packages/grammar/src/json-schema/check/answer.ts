import { encodeUtf8, isCutawayError } from "@cutaway/core";
import { type JsonNode, jsonNodes, scanJson } from "@cutaway/metrics";
import { Expressions } from "../../expressions/index.ts";
import { checkText, type TextCheck } from "../../languages/check-text.ts";
import { compileSchema } from "../compile.ts";
import type { Deferred, SchemaOptions } from "../options.ts";
import { steps } from "../pointer.ts";
import { checkValue, type Violation } from "./index.ts";

/** Where an answer is not as its schema wants it. */
export interface AnswerFault extends Violation {
  /** UTF-8 offset in the text at which that value begins, or at which nothing valid can go on. */
  byte: number;
}

export interface AnswerCheck {
  /**
   * `valid`; `invalid`: JSON, but not as the schema says; `cut`: the beginning of JSON; `not-json`. Of a cut text, `faults` are what no end could mend:
   * none, if it could still have become valid.
   */
  is: "valid" | "invalid" | "cut" | "not-json";
  /** By byte. `at` of a text that is no JSON is the path in words (`$.items[3]`); pointer and keyword are empty where no schema asks for it. */
  faults: AnswerFault[];
  unchecked: readonly Deferred[];
}

/**
 * What came back from a model that nothing held to the schema: whether it is valid, and if not, where it broke and which keyword says so. Any white space,
 * order of properties and spelling is good.
 * @throws `schema-invalid`, and `schema-unsupported` for references that lead nowhere
 */
export const checkAnswer = (schema: unknown, text: string, options: SchemaOptions = {}): AnswerCheck => {
  const scan = scanJson(text);
  if (scan.ok) {
    const { violations, unchecked } = checkValue(schema, JSON.parse(text) as unknown, options);
    const tree = jsonNodes(text, Number.MAX_SAFE_INTEGER);
    const faults = violations.map((violation) => ({ ...violation, byte: encodeUtf8(text.slice(0, placeOf(tree, violation.at))).length }));
    return { is: violations.length === 0 ? "valid" : "invalid", faults: faults.sort((a, b) => a.byte - b.byte), unchecked };
  }
  const end = encodeUtf8(text.slice(0, scan.at)).length;
  const broken = { at: scan.path, byte: end, pointer: "", keyword: "", says: scan.says };
  const held = againstGrammar(schema, text, options);
  const faults: AnswerFault[] = scan.unfinished ? [] : [broken];
  if (held?.is === "broken" && (scan.unfinished || held.at < end)) {
    const [place] = [...held.within, ...held.places];
    const before = scanJson(held.before);
    const at = before.ok ? "$" : before.path;
    faults.unshift({
      at,
      byte: held.at,
      pointer: place?.pointer ?? "",
      keyword: place?.keyword ?? "",
      says: `${held.expected} had to come, not “${held.found}”`,
    });
  }
  return { is: scan.unfinished ? "cut" : "not-json", faults, unchecked: [] };
};

/**
 * The grammar writes whole numbers without a point or an exponent. The same text with 5.0 as 5, and white space in the place of the rest, so that every
 * byte stays where it was.
 */
const wholeNumbersPlain = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"?|-?\d+(?:\.\d+|[eE][+-]?\d+|\.\d+[eE][+-]?\d+)(?=[^\d.eE+-])/g, (token) => {
    const plain = token.startsWith('"') ? undefined : String(Number(token));
    return plain === undefined || !/^-?\d+$/.test(plain) || plain.length > token.length ? token : plain.padEnd(token.length);
  });

/** undefined where the schema has no grammar: it is too large, say. */
const againstGrammar = (schema: unknown, text: string, options: SchemaOptions): TextCheck | undefined => {
  try {
    const expressions = new Expressions();
    const { node } = compileSchema(expressions, schema, {
      ...options,
      whitespace: "any",
      propertyOrder: "any",
      spelling: "any",
      labels: true,
      checkAfter: true,
    });
    return checkText({ expressions, root: expressions.closed(node) }, wholeNumbersPlain(text));
  } catch (error) {
    if (isCutawayError(error) && ["schema-too-large", "grammar-too-large", "schema-unsatisfiable"].includes(error.code)) return undefined;
    throw error;
  }
};

/** UTF-16 offset of the value that a pointer leads to, or of the nearest one around it that is there. */
const placeOf = (tree: JsonNode, pointer: string): number => {
  let node = tree;
  for (const key of steps(pointer)) {
    const inner: JsonNode | undefined =
      node.type === "array"
        ? node.items[Number(key)]
        : node.type === "object"
          ? node.members.findLast((member) => member.key === key)?.node
          : undefined;
    if (inner === undefined) break;
    node = inner;
  }
  return node.span.start;
};
