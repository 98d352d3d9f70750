import { seededRandom, type Tokenizer } from "@cutaway/core";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { beforeAll, describe, expect, it } from "vitest";
import { Expressions } from "../src/expressions/index.ts";
import { compileSchema } from "../src/json-schema/index.ts";
import { createGrammar, type Grammar } from "../src/matcher/grammar.ts";
import { tokenBytes } from "../src/vocabulary/vocabulary.ts";

const person = {
  type: "object",
  properties: {
    name: { type: "string", minLength: 1, maxLength: 12 },
    id: { type: "string", pattern: "^[A-Z]{2}-[0-9]{4}$" },
    tags: { type: "array", items: { enum: ["red", "green", "dark green", "blue\n"] }, maxItems: 4 },
    born: { type: "string", format: "date-time" },
    size: { type: "number", minimum: 0, maximum: 300 },
  },
  required: ["name"],
};
const cases: { schema: unknown; instances: unknown[] }[] = [
  { schema: {}, instances: [{ a: [1, -2.5, "é字😀", null, true, { "": '\\"\n' }] }] },
  {
    schema: person,
    instances: [
      { name: "Ann É. 李", id: "AB-1234", tags: ["dark green", "blue\n"], born: "2026-11-27T18:30:00Z", size: 172.5, naming: { x: [] } },
      { name: "a", other: "no limit to what stands here, in letters and 数字" },
    ],
  },
  {
    schema: { type: "object", additionalProperties: { type: "string", not: { enum: ["yes", "no"] } }, propertyNames: { pattern: "^[a-z_]+$" } },
    instances: [{ yes: "yesterday", no_: "no " }],
  },
  { schema: { type: "array", items: { type: "string", pattern: "\\S" }, uniqueItems: false }, instances: [[" x", "long words and more"]] },
  {
    schema: { $ref: "#/$defs/tree", $defs: { tree: { type: "object", properties: { left: { $ref: "#/$defs/tree" } } } } },
    instances: [{ left: { left: {} } }],
  },
];

describe("masks over a vocabulary of 200,000 tokens", () => {
  let tokenizer: Tokenizer;
  beforeAll(async () => {
    tokenizer = await loadTokenizer("o200k_base");
  });

  /** From the labelled grammar, by taking the token's bytes off it. */
  const mayCome = ({ expressions, vocabulary }: Grammar, labelled: number, id: number): boolean => {
    const bytes = tokenBytes(vocabulary, id);
    return bytes.length > 0 && expressions.deriveAll(labelled, bytes) !== expressions.nothing;
  };

  for (const [index, { schema, instances }] of cases.entries()) {
    for (const propertyOrder of ["declared", "any"] as const) {
      it(`are those of trying tokens alone: schema ${index + 1}, properties in ${propertyOrder} order`, () => {
        const random = seededRandom(index);
        const expressions = new Expressions();
        const root = expressions.closed(compileSchema(expressions, schema, { propertyOrder }).node);
        const end = tokenizer.specialTokens.get("<|endoftext|>") as number;
        const grammar = createGrammar(tokenizer, { expressions, root }, { ends: [end] });
        const has = (mask: Uint32Array, id: number): boolean => (((mask[id >>> 5] as number) >>> (id & 31)) & 1) === 1;
        for (const instance of instances) {
          const text = JSON.stringify(instance);
          let state = grammar.start();
          let byBytes = grammar.start();
          for (const id of tokenizer.encode(text)) {
            const mask = state.mask();
            expect(has(mask, id)).toBe(true);
            expect(has(mask, end)).toBe(state.complete);
            for (let i = 0; i < 300; i++) {
              // Half of them are tokens near one another in the vocabulary's order of bytes, where the state is alive.
              const other = i % 2 === 0 ? Math.floor(random() * tokenizer.vocabSize) : nearby(grammar, id, random);
              if (other !== end && has(mask, other) !== mayCome(grammar, state.labelled, other)) {
                expect.fail(`${JSON.stringify(tokenizer.decode([other]))} after ${text.slice(0, 40)}…: the mask says ${has(mask, other)}`);
              }
            }
            state = state.accept(id);
            for (const byte of tokenizer.bytesOf(id) as Uint8Array) byBytes = byBytes.accept(tokenOfByte(grammar, byte));
            expect(byBytes.node).toBe(state.node);
          }
          expect(state.complete).toBe(true);
        }
      });
    }
  }

  const nearby = ({ vocabulary: { tries } }: Grammar, id: number, random: () => number): number => {
    const at = tries.order.indexOf(id) + Math.floor(random() * 40) - 20;
    return tries.order[Math.max(0, Math.min(tries.order.length - 1, at))] as number;
  };

  const byteTokens = new Map<number, number>();
  const tokenOfByte = ({ vocabulary }: Grammar, byte: number): number => {
    if (byteTokens.size === 0) {
      for (let id = 0; id < vocabulary.size; id++) {
        const bytes = tokenBytes(vocabulary, id);
        if (bytes.length === 1) byteTokens.set(bytes[0] as number, id);
      }
    }
    return byteTokens.get(byte) as number;
  };
});
