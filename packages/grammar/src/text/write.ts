import { Expressions } from "../expressions/expressions.ts";
import type { Node } from "../expressions/kinds.ts";
import { type Spelling, writeJsonScalar } from "./json-escapes.ts";
import { allScalars, type ScalarRange } from "./ranges.ts";
import type { Text } from "./text.ts";

/** The language in UTF-8, nothing escaped. */
export const writePlain = (expressions: Expressions, text: Text): Node => write(writerOf(expressions, "plain"), text);

/** The language as the content of a JSON string: what stands between the quotes. Use one spelling for everything that meets in one document. */
export const writeJsonString = (expressions: Expressions, text: Text, options: { spelling?: Spelling } = {}): Node =>
  write(writerOf(expressions, options.spelling ?? "canonical"), text);

/** The value is in the language. */
export const matchesText = (text: Text, value: string): boolean => {
  if (!value.isWellFormed()) return false;
  const { expressions, node } = aside(text);
  return expressions.matches(node, new TextEncoder().encode(value));
};

/** No text is in the language. @throws `grammar-too-large` where that takes more steps than the limits allow. */
export const isEmptyText = (text: Text): boolean => {
  const { expressions, node } = aside(text);
  return expressions.isEmpty(node);
};

const asides = new WeakMap<Text, { expressions: Expressions; node: Node }>();

/** A text asked about by itself, in expressions of its own that go when it goes. */
const aside = (text: Text): { expressions: Expressions; node: Node } => {
  const known = asides.get(text);
  if (known !== undefined) return known;
  const expressions = new Expressions({ milliseconds: Number.POSITIVE_INFINITY }); // asked now and then, for as long as the text is there
  const made = { expressions, node: writePlain(expressions, text) };
  asides.set(text, made);
  return made;
};

interface Writer {
  expressions: Expressions;
  /** The text is spelled as it is. */
  isPlain: (text: string) => boolean;
  /** One character of a set. */
  scalar: (ranges: readonly ScalarRange[]) => Node;
  /** Every text there is, as it is spelled here: what `not` is taken from. */
  all: Node;
  written: WeakMap<Text, Node>;
}

/** What a JSON string does not hold as it is. */
const escaped = /[\u0000-\u001f"\\]/;

const writers = new WeakMap<Expressions, Map<Spelling | "plain", Writer>>();

const writerOf = (expressions: Expressions, spelling: Spelling | "plain"): Writer => {
  const ofThese = writers.get(expressions) ?? new Map<Spelling | "plain", Writer>();
  writers.set(expressions, ofThese);
  const known = ofThese.get(spelling);
  if (known !== undefined) return known;
  const scalar = (ranges: readonly ScalarRange[]): Node =>
    spelling === "plain" ? expressions.scalars(ranges.map(([from, to]) => [from, to])) : writeJsonScalar(expressions, ranges, spelling);
  const isPlain = (text: string): boolean => spelling === "plain" || (spelling === "canonical" && !escaped.test(text));
  const writer = { expressions, isPlain, scalar, all: expressions.repeat(scalar(allScalars)), written: new WeakMap<Text, Node>() };
  ofThese.set(spelling, writer);
  return writer;
};

const write = (writer: Writer, text: Text): Node => {
  const known = writer.written.get(text);
  if (known !== undefined) return known;
  const node = writeKind(writer, text);
  writer.written.set(text, node);
  return node;
};

const writeKind = (writer: Writer, text: Text): Node => {
  const { expressions } = writer;
  switch (text.kind) {
    case "nothing":
      return expressions.nothing;
    case "empty":
      return expressions.empty;
    case "scalar":
      return writer.scalar(text.ranges);
    case "literal":
      return writer.isPlain(text.value)
        ? expressions.text(text.value)
        : inSequence(
            expressions,
            Array.from(text.value, (character) => oneScalar(writer, character.codePointAt(0) ?? 0)),
          );
    case "sequence":
      return inSequence(
        expressions,
        text.parts.map((part) => write(writer, part)),
      );
    case "choice":
      return inChoice(
        expressions,
        text.parts.map((part) => write(writer, part)),
      );
    case "repeat":
      return expressions.repeat(write(writer, text.part), text.min, text.max);
    case "both":
      return expressions.both(...text.parts.map((part) => write(writer, part)));
    case "not":
      return expressions.without(writer.all, write(writer, text.part));
  }
};

const oneScalar = (writer: Writer, scalar: number): Node => writer.scalar([[scalar, scalar]]);

/** Lists may be longer than a call has room for arguments. */
const inSequence = (expressions: Expressions, nodes: readonly Node[]): Node =>
  nodes.reduceRight((tail, head) => expressions.followedBy(head, tail), expressions.empty);

const inChoice = (expressions: Expressions, nodes: readonly Node[]): Node => {
  const several = 10_000;
  if (nodes.length <= several) return expressions.choice(...nodes);
  const groups = Array.from({ length: Math.ceil(nodes.length / several) }, (_, i) =>
    expressions.choice(...nodes.slice(i * several, (i + 1) * several)),
  );
  return inChoice(expressions, groups);
};
