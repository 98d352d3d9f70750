import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { bytesSource, openGguf, openSafetensors } from "@cutaway/formats";
import { describe, expect, onTestFinished, test } from "vitest";
import { describeNetwork } from "../src/inspect/describe-network.ts";
import { tinyLlamaFile } from "../src/testing/tiny-llama.ts";

const folder = fileURLToPath(new URL("fixtures/architectures/", import.meta.url));
const count = (shape: Iterable<number>) => [...shape].reduce((product, size) => product * size, 1);

test.each(["gpt2", "llama", "mixtral", "gemma3", "bert", "t5"])("%s: the parts add up to the file, and hold every tensor once", (name) => {
  const file = openSafetensors(bytesSource(readFileSync(`${folder}${name}/model.safetensors`)));
  const { parts, parameters, bytes } = describeNetwork(`${folder}${name}`);
  expect(parameters).toBe([...file.tensors.values()].reduce((sum, { shape }) => sum + count(shape), 0));
  expect(parts.reduce((sum, part) => sum + part.parameters * part.times, 0)).toBe(parameters);
  expect(parts.reduce((sum, part) => sum + part.bytes, 0)).toBe(bytes);
  const tensors = parts.map(({ blocks, times }) => blocks.reduce((sum, block) => sum + block.tensors.length, 0) * times);
  expect(tensors.reduce((sum, tensors) => sum + tensors, 0)).toBe(file.tensors.size);
  for (const { blocks, parameters } of parts) expect(blocks.reduce((sum, block) => sum + block.parameters, 0)).toBe(parameters);
});

test("a GGUF file's bytes are those of its quantised tensors", () => {
  const tiny = tinyLlamaFile({ layers: 3 });
  onTestFinished(tiny.remove);
  const file = openGguf(bytesSource(readFileSync(tiny.path)));
  const { bytes, parts, tied, cacheBytesPerToken, dimensions } = describeNetwork(tiny.path);
  expect(bytes).toBe([...file.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0));
  expect(parts.map(({ kind, times }) => [kind, times])).toEqual([
    ["embedding", 1],
    ["layer", 3],
    ["head", 1],
  ]);
  expect(parts[1]?.blocks.map(({ kind }) => kind)).toEqual(["attention", "mlp", "norm"]);
  expect(tied).toBe(true);
  expect(cacheBytesPerToken).toBe(3 * 2 * dimensions.kvHeads * dimensions.headSize * 4);
});

describe("layers that are built alike are one part", () => {
  test("of T5, the first has the biases of positions, and is another", () => {
    const { parts } = describeNetwork(`${folder}t5`);
    expect(parts.map(({ kind, layers }) => [kind, layers])).toEqual([
      ["embedding", undefined],
      ["encoder-layer", [0, 0]],
      ["encoder-layer", [1, 1]],
      ["decoder-layer", [0, 0]],
      ["decoder-layer", [1, 1]],
      ["head", undefined],
    ]);
    expect(parts[3]?.blocks.map(({ kind }) => kind)).toEqual(["attention", "cross-attention", "mlp", "norm"]);
  });
});
