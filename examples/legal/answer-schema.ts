import type { JsonObject } from "@cutaway/core";

/** Title NAME section, or volume NAME page: what a citation of this assistant may be. */
const citation = String.raw`\d{1,2} (?:U\.S\.C\.|C\.F\.R\.) § \d{1,4}|\d{1,3} (?:U\.S\.|F\.[23]d|F\. Supp\.) \d{1,4}`;

/** An answer of at most 60 characters with one or two citations, each with what it supports. */
export const answerSchema: JsonObject = {
  type: "object",
  properties: {
    answer: { type: "string", minLength: 1, maxLength: 60 },
    citations: {
      type: "array",
      minItems: 1,
      maxItems: 2,
      items: {
        type: "object",
        properties: { cite: { type: "string", pattern: `^(?:${citation})$` }, supports: { type: "string", minLength: 1, maxLength: 24 } },
        required: ["cite", "supports"],
        additionalProperties: false,
      },
    },
    confidence: { enum: ["low", "medium", "high"] },
  },
  required: ["answer", "citations", "confidence"],
  additionalProperties: false,
};

/** Every citation in a text, whatever else it is. */
export const citations = (text: string): string[] =>
  Array.from(text.matchAll(new RegExp(String.raw`(?<![\d.])(?:${citation})(?!\d)`, "gu")), ([found]) => found);

export const questions: readonly string[] = [
  "Can I sue a police officer for violating my rights?",
  "Is a contract with a minor valid?",
  "May my employer read my e-mails at work?",
  "How long do I have to file a claim for copyright infringement?",
  "Does a landlord have to return the deposit?",
  "Can evidence from an unlawful search be used against me?",
  "What must a company tell me about the data it keeps?",
  "When is a search without a warrant lawful?",
  "May a school punish students for what they say?",
  "Who owns what I invent at work?",
];

/** Objects within objects, `depth` of them, around one number and a list. */
export function nested(depth: number): JsonObject {
  const innermost: JsonObject = {
    type: "object",
    properties: { value: { type: "integer" }, tags: { type: "array", items: { enum: ["a", "b", "c"] }, minItems: 2, maxItems: 3 } },
    required: ["value", "tags"],
    additionalProperties: false,
  };
  let schema = innermost;
  for (let level = depth; level > 1; level--)
    schema = {
      type: "object",
      properties: { name: { enum: ["x", "y"] }, [`level${level}`]: schema },
      required: ["name", `level${level}`],
      additionalProperties: false,
    };
  return schema;
}

/** A value that is valid under it. */
export function nestedExample(depth: number): JsonObject {
  let value: JsonObject = { value: 1, tags: ["a", "b"] };
  for (let level = depth; level > 1; level--) value = { name: "x", [`level${level}`]: value };
  return value;
}
