import { StructuredOutputProcessor } from "@huggingface/transformers-structured-output";
import type { LoadEngine } from "./engine.ts";

interface Constraint {
  vocabSize: number;
  fillMask(mask: Uint32Array): boolean;
  commit(id: number): boolean;
}

/** Transformers.js's structured output, by the constraint inside its processor: the processor itself would also be charged for writing to logits. */
export const load: LoadEngine = async ({ bytes, end }) => {
  const specialTokenIds = bytes.flatMap((token, id) => (token.length === 0 ? [id] : []));
  const tokenizer = { tokens: bytes, eosTokenId: end, specialTokenIds };
  StructuredOutputProcessor.warmup(tokenizer);
  return {
    async compile(schema) {
      // A constraint holds the place in one answer: the next answer gets one of its own, made outside the time of compiling.
      let made: Constraint | undefined = constraintOf(schema);
      return {
        start() {
          const constraint = made ?? constraintOf(schema);
          made = undefined;
          return {
            mask() {
              const mask = new Uint32Array(Math.ceil(constraint.vocabSize / 32));
              if (!constraint.fillMask(mask)) throw new Error("nothing may come");
              return mask;
            },
            accept(id) {
              constraint.commit(id);
            },
          };
        },
      };
    },
  };

  function constraintOf(schema: unknown): Constraint {
    const processor = new StructuredOutputProcessor(tokenizer, { type: "json_schema", json_schema: schema as never });
    const [first] = (processor as unknown as { processors: { state: { constraint: Constraint } }[] }).processors;
    if (!first) throw new Error("no processor");
    return first.state.constraint;
  }
};
