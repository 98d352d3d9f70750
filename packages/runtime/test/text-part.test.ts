import { isCutawayError, type JsonObject } from "@cutaway/core";
import { expect, test } from "vitest";
import { gemma3 } from "../src/architectures/gemma3.ts";
import { ConfigReader } from "../src/open/config-reader.ts";
import type { Checkpoint } from "../src/weights/checkpoint.ts";
import { openSafetensorsFolder } from "../src/weights/safetensors-folder.ts";
import { textPartOf } from "../src/weights/text-part.ts";
import { architectures } from "./model-folder.ts";

/** A checkpoint whose tensors have no numbers but their own name. */
function checkpointOf(config: JsonObject, names: string[]): Checkpoint {
  return {
    file: "folder",
    config,
    tensors: new Map(names.map((name) => [name, { shape: [name.length], type: "F32" }])),
    floats: (name) => Float32Array.of(name.length),
    stored: (name) => ({ name, type: "F32", byteLength: 4, read: () => new Uint8Array() }),
    close: () => undefined,
  };
}

/** google/gemma-3-4b-it's, but for the vision part's own fields. */
const published: JsonObject = {
  architectures: ["Gemma3ForConditionalGeneration"],
  eos_token_id: [1, 106],
  model_type: "gemma3",
  text_config: {
    hidden_size: 2560,
    intermediate_size: 10240,
    model_type: "gemma3_text",
    num_hidden_layers: 34,
    rope_scaling: { factor: 8.0, rope_type: "linear" },
    sliding_window: 1024,
  },
  vision_config: { model_type: "siglip_vision_model" },
};

test("a sparse text configuration is completed as transformers completes it", () => {
  const { config, fieldName } = textPartOf(checkpointOf(published, []));
  expect(config).toMatchObject({ model_type: "gemma3_text", eos_token_id: [1, 106], sliding_window: 1024, rope_theta: 1_000_000 });
  expect(gemma3.dimensions(new ConfigReader(config, "folder"))).toEqual({
    layers: 34,
    width: 2560,
    heads: 8,
    kvHeads: 4,
    headSize: 256,
    vocabSize: 262_208,
    trainedContext: 131_072,
  });
  expect([fieldName?.("hidden_size"), fieldName?.("eos_token_id")]).toEqual(["text_config.hidden_size", "eos_token_id"]);
});

test.each([
  ["before model.", "language_model.model.norm.weight", "language_model.lm_head.weight"],
  ["behind it", "model.language_model.norm.weight", "lm_head.weight"],
])("tensors of the text network are found with language_model. %s, and the others stay aside", (_, norm, head) => {
  const vision = ["vision_tower.encoder.layers.0.norm.weight", "model.multi_modal_projector.weight"];
  const part = textPartOf(checkpointOf(published, [norm, head, ...vision]));
  expect([...part.tensors.keys()]).toEqual(["model.norm.weight", "lm_head.weight"]);
  expect(part.aside).toEqual(vision);
  expect(part.floats("model.norm.weight")).toEqual(Float32Array.of(norm.length));
  expect(part.stored("lm_head.weight").name).toBe(head);
  expect(part.tensorName?.("lm_head.weight")).toBe(head);
});

test("without text_config it is refused by name; a model of text alone stays as it is", () => {
  try {
    textPartOf(checkpointOf({ model_type: "gemma3" }, []));
    expect.unreachable();
  } catch (error) {
    expect(isCutawayError(error) && [error.code, error.message]).toEqual(["bad-model", expect.stringContaining("folder: text_config is missing")]);
  }
  const text = checkpointOf({ model_type: "gemma3_text" }, ["model.norm.weight"]);
  expect(textPartOf(text)).toBe(text);
});

test("the network that transformers wrote has every tensor of its text part, and none of the vision's", () => {
  const checkpoint = openSafetensorsFolder(`${architectures}gemma3-images`);
  expect(checkpoint.aside?.every((name) => /^(vision_tower|multi_modal_projector)\./.test(name))).toBe(true);
  expect(checkpoint.aside?.length).toBeGreaterThan(20);
  expect(checkpoint.tensors.size).toBe(2 + 2 * 13);
  checkpoint.close();
});
