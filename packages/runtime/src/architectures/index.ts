import { unsupportedModel } from "../engine/unsupported-model.ts";
import type { Architecture } from "./architecture.ts";
import { bert } from "./bert.ts";
import { gemma3 } from "./gemma3.ts";
import { gpt2 } from "./gpt2.ts";
import { llama } from "./llama.ts";
import { t5 } from "./t5.ts";

export const architectures: readonly Architecture[] = [gpt2, llama, gemma3, bert, t5];

/** By config.json's `model_type`. @throws `unsupported-model`, with those that are known */
export function architectureOf(modelType: unknown, file: string): Architecture {
  const found = architectures.find(({ modelTypes }) => modelTypes.some((type) => type === modelType));
  if (found) return found;
  const known = architectures.flatMap(({ modelTypes }) => modelTypes).join(", ");
  throw unsupportedModel(`${file}: the architecture is ${JSON.stringify(modelType) ?? "not given"}; known are ${known}`, { modelType });
}
