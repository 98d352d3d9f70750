import { CutawayError, isJsonObject, type JsonObject, type JsonValue } from "@cutaway/core";
import { checkAnthropic } from "./anthropic.ts";
import type { Report, StructuredOutputFinding } from "./finding.ts";
import { checkGemini } from "./gemini.ts";
import { checkLlamaCpp } from "./llama-cpp.ts";
import { checkOpenAi } from "./openai.ts";
import { checkVllm } from "./vllm.ts";

interface Target {
  /** Fields of the request's body that ask for the schema. */
  body: (schema: JsonObject, name: string) => JsonObject;
  check: (schema: JsonObject, report: Report) => void;
}

const targets = {
  "openai-chat": {
    body: (schema, name) => ({ response_format: { type: "json_schema", json_schema: { name, schema, strict: true } } }),
    check: checkOpenAi,
  },
  "openai-responses": {
    body: (schema, name) => ({ text: { format: { type: "json_schema", name, schema, strict: true } } }),
    check: checkOpenAi,
  },
  "anthropic-messages": {
    body: (schema) => ({ output_config: { format: { type: "json_schema", schema } } }),
    check: checkAnthropic,
  },
  gemini: {
    body: (schema) => ({ generationConfig: { responseMimeType: "application/json", responseJsonSchema: schema } }),
    check: checkGemini,
  },
  vllm: { body: (schema) => ({ structured_outputs: { json: schema } }), check: checkVllm },
  "llama.cpp": { body: (schema) => ({ response_format: { type: "json_schema", json_schema: { schema } } }), check: checkLlamaCpp },
  ollama: { body: (schema) => ({ format: schema }), check: checkLlamaCpp },
} as const satisfies Record<string, Target>;

export type StructuredOutputTarget = keyof typeof targets;
export const structuredOutputTargets = Object.keys(targets) as StructuredOutputTarget[];

export interface StructuredOutput {
  /** Fields to put into the request's body. */
  body: JsonObject;
  /** What the provider refuses, does not hold, or holds otherwise, in the order of the schema. Empty: it holds answers to just this schema. */
  findings: StructuredOutputFinding[];
  /** Nothing in it is refused. */
  accepted: boolean;
}

/**
 * A schema as one provider's structured-output option, and what becomes of it there: from the providers' documents, nothing is asked of them.
 * @param options.name for the formats of OpenAI; letters, digits, `_` and `-`, up to 64. Default `answer`.
 */
export function structuredOutput(target: StructuredOutputTarget, schema: JsonValue, options: { name?: string } = {}): StructuredOutput {
  const { body, check }: Target = targets[target];
  const name = options.name ?? "answer";
  if (!isJsonObject(schema)) {
    throw new CutawayError(
      "schema-invalid",
      "A schema for structured output is a JSON object; true and false say nothing that a provider could hold.",
      {
        data: { pointer: "" },
      },
    );
  }
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(name)) {
    throw new CutawayError("invalid-parameter", `“${name}” cannot name a schema.`, {
      fix: "Take up to 64 letters, digits, “_” and “-”.",
      data: { name },
    });
  }
  const findings: StructuredOutputFinding[] = [];
  check(schema, (kind, pointer, keyword, says) => findings.push({ kind, pointer, keyword, says }));
  return { body: body(schema, name), findings, accepted: findings.every(({ kind }) => kind !== "refused") };
}
