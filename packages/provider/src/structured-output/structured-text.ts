import { CutawayError, type JsonObject } from "@cutaway/core";
import { type StructuredOutputTarget, structuredOutputTargets } from "./structured-output.ts";

/** A language of answers that is no JSON Schema. */
export type TextLanguage =
  | { kind: "regex"; pattern: string }
  | { kind: "choice"; texts: readonly string[] }
  | { kind: "gbnf" | "lark"; text: string };

type Writer = (language: TextLanguage) => JsonObject | undefined;

/** vLLM tells Lark from GBNF by the text itself; llama.cpp has GBNF only. The other providers take no language of their own for a whole answer. */
const writers: Partial<Record<StructuredOutputTarget, Writer>> = {
  vllm: (language) => {
    if (language.kind === "regex") return { structured_outputs: { regex: language.pattern } };
    if (language.kind === "choice") return { structured_outputs: { choice: [...language.texts] } };
    return { structured_outputs: { grammar: language.text } };
  },
  "llama.cpp": (language) => (language.kind === "gbnf" ? { grammar: language.text } : undefined),
};

/** Fields of the request's body that hold the answer to the language. @throws `parameter-not-supported` where the provider has no option for it */
export function structuredText(target: StructuredOutputTarget, language: TextLanguage): JsonObject {
  const body = writers[target]?.(language);
  if (body !== undefined) return body;
  const able = structuredOutputTargets.filter((other) => writers[other]?.(language) !== undefined);
  throw new CutawayError("parameter-not-supported", `${target} cannot hold an answer to a ${language.kind}.`, {
    data: { target, kind: language.kind, supported: able },
    fix: `${able.join(", ")} can; or give a JSON Schema.`,
  });
}
