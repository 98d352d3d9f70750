import { isJsonObject, type JsonObject } from "@cutaway/core";
import { badModel } from "../engine/unsupported-model.ts";
import type { Checkpoint } from "./checkpoint.ts";

/**
 * What a text configuration leaves out: checkpoints on the hub hold only what differs from these.
 * source  transformers 5.24, `Gemma3TextConfig`
 */
const gemma3Defaults: JsonObject = {
  vocab_size: 262_208,
  hidden_size: 2304,
  intermediate_size: 9216,
  num_hidden_layers: 26,
  num_attention_heads: 8,
  num_key_value_heads: 4,
  head_dim: 256,
  max_position_embeddings: 131_072,
  query_pre_attn_scalar: 256,
  sliding_window: 4096,
  rope_theta: 1_000_000,
};

/** Said beside the text configuration, and meant where both have them. */
const shared = ["bos_token_id", "eos_token_id", "pad_token_id", "tie_word_embeddings"];

/**
 * Of a checkpoint that reads images too, the network that reads and writes text: its configuration lies in `text_config`, and its tensors begin with
 * `language_model.`, before or behind `model.`. What sees images stays aside. Any other checkpoint comes back as it is.
 * @throws `bad-model`, where there is no `text_config`
 */
export function textPartOf(checkpoint: Checkpoint): Checkpoint {
  const { config, file } = checkpoint;
  if (config.model_type !== "gemma3") return checkpoint;
  const own = config.text_config;
  if (!isJsonObject(own))
    throw badModel(`${file}: text_config is missing; gemma3 has the text network's configuration there`, { field: "text_config" });
  const given = (fields: JsonObject) => Object.entries(fields).filter(([, value]) => value !== null);
  const names = new Map<string, string>();
  for (const name of checkpoint.tensors.keys()) {
    const text = textName(name);
    if (text !== undefined) names.set(text, name);
  }
  const nameOf = (name: string) => names.get(name) ?? name;
  const placed = new Set(names.values());
  return {
    ...checkpoint,
    config: Object.fromEntries([
      ...Object.entries(gemma3Defaults),
      ...given(own),
      ...given(config).filter(([field]) => shared.includes(field)),
      ["model_type", "gemma3_text"],
    ]),
    tensors: new Map(Array.from(names, ([name, inFile]) => [name, checkpoint.tensors.get(inFile) as { shape: readonly number[]; type: string }])),
    aside: [...checkpoint.tensors.keys()].filter((name) => !placed.has(name)),
    fieldName: (field) => (shared.includes(field) ? field : `text_config.${field}`),
    tensorName: nameOf,
    stored: (name) => checkpoint.stored(nameOf(name)),
    floats: (name) => checkpoint.floats(nameOf(name)),
  };
}

/** The tensor's name in a checkpoint of the text network alone; undefined: it is none of its. */
function textName(name: string): string | undefined {
  if (name === "lm_head.weight") return name;
  const [, own, behind] = /^(?:language_model\.(.+)|model\.language_model\.(.+))$/.exec(name) ?? [];
  return own ?? (behind === undefined ? undefined : `model.${behind}`);
}
