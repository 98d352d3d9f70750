import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bytesSource, dequantize, encodeOnnxModel, type OnnxModel, type OnnxNode, openGguf } from "@cutaway/formats";
import { type DecoderConfig, decoderConfig } from "../../packages/runtime/src/engine/decoder-config.ts";
import { decoderGraph } from "../../packages/runtime/src/engine/decoder-graph.ts";
import { decoderWeights } from "../../packages/runtime/src/engine/decoder-weights.ts";
import { ConfigReader } from "../../packages/runtime/src/open/config-reader.ts";
import { openGgufCheckpoint } from "../../packages/runtime/src/weights/gguf-checkpoint.ts";

/**
 * Writes a GGUF file's weights as transformers.js takes a model: config.json and `onnx/model_q4.onnx`. The network is the one that its models of this
 * kind are exported as (GroupQueryAttention, MatMulNBits over the very blocks of the file, embeddings in float32): token ids, mask and past keys
 * and values in, logits and present ones out.
 */
export function writeTransformersLayout(file: string, folder: string, positions: number): void {
  const checkpoint = openGgufCheckpoint(file);
  const config = decoderConfig(new ConfigReader(checkpoint.config, checkpoint.file, checkpoint.fieldName));
  const model = withIds(decoderGraph("step", config, decoderWeights(checkpoint, config), positions), config, embeddingsOf(file));
  mkdirSync(join(folder, "onnx"), { recursive: true });
  writeFileSync(join(folder, "onnx/model_q4.onnx"), encodeOnnxModel(model));
  writeFileSync(
    join(folder, "config.json"),
    JSON.stringify({
      model_type: "llama",
      architectures: ["LlamaForCausalLM"],
      num_hidden_layers: config.layers,
      hidden_size: config.width,
      num_attention_heads: config.heads,
      num_key_value_heads: config.kvHeads,
      head_dim: config.headSize,
      vocab_size: config.vocabSize,
    }),
  );
  checkpoint.close();
}

/** [vocab, width] in float32. */
function embeddingsOf(file: string): Float32Array {
  const gguf = openGguf(bytesSource(readFileSync(file)));
  const tensor = gguf.tensors.get("token_embd.weight");
  if (!tensor) throw new Error("the file has no embeddings");
  return dequantize(
    tensor.type,
    gguf.read(tensor),
    tensor.shape.reduce((product, size) => product * size, 1),
  );
}

/** The graph of `decoder-graph.ts` with the inputs and names that transformers.js knows. */
function withIds({ graph, ...model }: OnnxModel, { kvHeads, headSize, width, vocabSize }: DecoderConfig, embeddings: Float32Array): OnnxModel {
  const renamed = (name: string) => name.replace(/^past\./, "past_key_values.");
  const node = (operator: string, inputs: string[], output: string, attributes: OnnxNode["attributes"] = {}): OnnxNode => {
    return { name: output, operator, inputs, outputs: [output], attributes };
  };
  const constant = (name: string, shape: number[], data: ArrayBufferView, type: "int64" | "float32" = "int64") => {
    return { name, type, shape, data: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  };
  const past = graph.inputs.filter(({ name }) => name.startsWith("past."));
  const tokens = { type: "int64", shape: [1, "tokens"] } as const;
  return {
    ...model,
    graph: {
      ...graph,
      inputs: [
        { name: "input_ids", ...tokens },
        { name: "attention_mask", type: "int64", shape: [1, "total"] },
        { name: "position_ids", ...tokens },
        ...past.map(({ name }) => ({ name: renamed(name), type: "float32" as const, shape: [1, kvHeads, "past", headSize] })),
      ],
      outputs: graph.outputs.map((output) =>
        output.name === "logits" ? { ...output, shape: [1, 1, vocabSize] } : { ...output, shape: [1, kvHeads, "total", headSize] },
      ),
      initializers: [
        ...graph.initializers,
        constant("embedding_table", [vocabSize, width], embeddings, "float32"),
        constant("asked", [1], BigInt64Array.of(-1n)),
        constant("one", [1], BigInt64Array.of(1n)),
        constant("scalar", [0], new BigInt64Array()),
      ],
      nodes: [
        node("Gather", ["embedding_table", "input_ids"], "embeddings"),
        // Tokens in all, as many as the mask has.
        node("Shape", ["attention_mask"], "total", { start: 1 }),
        node("Sub", ["total", "one"], "last_position.wide"),
        node("Cast", ["last_position.wide"], "last_position", { to: 6 }),
        node("Reshape", ["total", "scalar"], "total.scalar"),
        node("Cast", ["total.scalar"], "total_tokens", { to: 6 }),
        ...graph.nodes.map((one) => ({ ...one, inputs: one.inputs.map(renamed) })),
      ],
    },
  };
}
