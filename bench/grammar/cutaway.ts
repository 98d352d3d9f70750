import type { TokenKind } from "@cutaway/core";
import { compileSchema, createGrammar, Expressions, type GrammarState, vocabularyOf } from "@cutaway/grammar";
import type { LoadEngine } from "./engine.ts";

/** Properties in any order: what JSON Schema says, and what its test data is judged by. */
const options = { propertyOrder: "any" } as const;

export const load: LoadEngine = async ({ bytes, end }) => {
  const tokenizer = {
    vocabSize: bytes.length,
    bytesOf: (id: number) => bytes[id],
    kindOf: (id: number): TokenKind => ((bytes[id] as Uint8Array).length > 0 ? "text" : "special"),
  };
  vocabularyOf(tokenizer);
  return {
    async compile(schema) {
      const expressions = new Expressions();
      const root = expressions.closed(compileSchema(expressions, schema, options).node);
      const grammar = createGrammar(tokenizer, { expressions, root }, { ends: [end] });
      return {
        start() {
          let state: GrammarState = grammar.start();
          return {
            mask: () => state.mask(),
            accept(id) {
              state = state.accept(id);
            },
            explain: (id) => state.explain(id),
          };
        },
      };
    },
  };
};
