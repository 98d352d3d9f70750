import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@cutaway/core";
import { type GgufTensorData, type GgufWritable, writeGguf } from "@cutaway/formats";

export interface TinyLlamaOptions {
  /** Of the weights; default 1. */
  seed?: number;
  layers?: number;
  trainedContext?: number;
  /** `null`: the file has none. */
  template?: string | null;
  /** How far apart the weights lie; larger ones make surer distributions. */
  spread?: number;
  /** A greedy answer never ends by itself: the logits of the end tokens are always 0. */
  endless?: boolean;
  /** Rows of the embeddings beyond the vocabulary: a file that contradicts itself. */
  extraRows?: number;
  metadata?: Iterable<readonly [string, GgufWritable]>;
}

/** The ChatML template, without a system message of its own. */
export const chatMl =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

const width = 64;
const heads = 4;
const kvHeads = 2;
const headSize = width / heads;
const mlpWidth = 128;

/**
 * A whole Llama of some 100,000 random weights as a GGUF file: a real network with a real tokenizer (bytes, a few merges, ChatML's markers),
 * which answers in a millisecond and says nothing. The same options give the same bytes.
 */
export function tinyLlama(options: TinyLlamaOptions = {}): Uint8Array {
  const { seed = 1, layers = 2, trainedContext = 512, template = chatMl, spread = 0.3, extraRows = 0, endless = false, metadata = [] } = options;
  const random = seededRandom(seed);
  const { tokens, types, merges, end } = vocabulary();
  const matrix = (name: string, inputs: number, outputs: number): GgufTensorData => ({
    name,
    type: "F32",
    shape: [inputs, outputs],
    bytes: bytesOf(Float32Array.from({ length: inputs * outputs }, () => (random() - 0.5) * 2 * spread)),
  });
  const norm = (name: string): GgufTensorData => ({
    name,
    type: "F32",
    shape: [width],
    bytes: bytesOf(Float32Array.from({ length: width }, () => 0.8 + 0.4 * random())),
  });
  const embeddings = matrix("token_embd.weight", width, tokens.length + extraRows);
  if (endless) for (const id of [end.text, end.turn]) embeddings.bytes.fill(0, id * width * 4, (id + 1) * width * 4);
  const tensors = [embeddings, norm("output_norm.weight")];
  for (let layer = 0; layer < layers; layer++) {
    const at = (part: string) => `blk.${layer}.${part}.weight`;
    tensors.push(
      norm(at("attn_norm")),
      matrix(at("attn_q"), width, heads * headSize),
      matrix(at("attn_k"), width, kvHeads * headSize),
      matrix(at("attn_v"), width, kvHeads * headSize),
      matrix(at("attn_output"), heads * headSize, width),
      norm(at("ffn_norm")),
      matrix(at("ffn_gate"), width, mlpWidth),
      matrix(at("ffn_up"), width, mlpWidth),
      matrix(at("ffn_down"), mlpWidth, width),
    );
  }
  const entries: [string, GgufWritable][] = [
    ["general.architecture", "llama"],
    ["general.name", "tiny random llama"],
    ["llama.block_count", layers],
    ["llama.context_length", trainedContext],
    ["llama.embedding_length", width],
    ["llama.feed_forward_length", mlpWidth],
    ["llama.attention.head_count", heads],
    ["llama.attention.head_count_kv", kvHeads],
    ["llama.attention.layer_norm_rms_epsilon", { type: "float32", value: 1e-5 }],
    ["llama.rope.freq_base", { type: "float32", value: 10_000 }],
    ["llama.rope.dimension_count", headSize],
    ["llama.vocab_size", tokens.length],
    ["tokenizer.ggml.model", "gpt2"],
    ["tokenizer.ggml.pre", "gpt-2"],
    ["tokenizer.ggml.tokens", tokens],
    ["tokenizer.ggml.token_type", types],
    ["tokenizer.ggml.merges", merges],
    ["tokenizer.ggml.bos_token_id", end.start],
    ["tokenizer.ggml.eos_token_id", end.turn],
    ["tokenizer.ggml.add_bos_token", false],
    ...(template === null ? [] : ([["tokenizer.chat_template", template]] as [string, GgufWritable][])),
  ];
  return writeGguf({ metadata: new Map<string, GgufWritable>([...entries, ...metadata]), tensors });
}

/** The same in a file of its own; `remove` deletes it with its folder. */
export function tinyLlamaFile(options: TinyLlamaOptions & { name?: string } = {}): { path: string; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-tiny-"));
  const path = join(folder, options.name ?? "tiny.gguf");
  writeFileSync(path, tinyLlama(options));
  return { path, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Pieces of two bytes and more, so that a text is not always its bytes; each is joined from its two halves. */
const pieces: [string, string][] = [
  ["t", "h"],
  ["th", "e"],
  ["Ġ", "the"],
  ["i", "n"],
  ["a", "n"],
  ["e", "r"],
  ["Ġ", "a"],
];

function vocabulary() {
  const bytes = byteCharacters();
  const specials = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"];
  const tokens = [...specials, ...bytes, ...pieces.map(([left, right]) => left + right)];
  const control = 3;
  const normal = 1;
  return {
    tokens,
    types: Int32Array.from(tokens, (_, id) => (id < specials.length ? control : normal)),
    merges: pieces.map(([left, right]) => `${left} ${right}`),
    end: { text: 0, start: 1, turn: 2 },
  };
}

/**
 * The character that stands for each byte in byte-level vocabularies.
 * source  GPT-2, `encoder.py`, `bytes_to_unicode`.
 */
function byteCharacters(): string[] {
  const isPrintable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173);
  let others = 0;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isPrintable(byte) ? byte : 256 + others++));
}

const bytesOf = (values: Float32Array): Uint8Array => new Uint8Array(values.buffer);
