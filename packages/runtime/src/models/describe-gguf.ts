import type { GgufFile, GgufValue } from "@cutaway/formats";

/** What the header of a GGUF file says, or a model's folder. What it does not say, or says of the wrong type, is undefined. */
export interface GgufDescription {
  /** Its own title, `general.name`. */
  title?: string;
  architecture?: string;
  licence?: string;
  /** Weights, counted: tied embeddings once. */
  parameters: number;
  /** By tensor type, the one with the most bytes first. */
  tensorTypes: { type: string; tensors: number; bytes: number }[];
  /** Positions it was trained for. */
  trainedContext?: number;
  layers?: number;
  /** Width of a hidden state. */
  width?: number;
  heads?: number;
  keyValueHeads?: number;
  tokenizer?: { model: string; pre?: string; tokens: number };
  /** Undefined where the file brings no chat template; `markers` are its special tokens that the template writes. */
  template?: { characters: number; markers: string[] };
  memory: {
    /** Bytes of all tensors as the file holds them. */
    weights: number;
    /** Bytes of keys and values for 1,000 tokens at 32 bits a value. */
    cachePerThousandTokens?: number;
  };
}

export function describeGguf({ metadata, tensors }: GgufFile): GgufDescription {
  const architecture = textIn(metadata, "general.architecture");
  const number = (key: string) => countIn(metadata, `${architecture}.${key}`);
  const layers = number("block_count");
  const width = number("embedding_length");
  const heads = number("attention.head_count");
  const keyValueHeads = number("attention.head_count_kv") ?? heads;
  const headWidth = width !== undefined && heads !== undefined && heads > 0 ? width / heads : undefined;
  const keyWidth = number("attention.key_length") ?? headWidth;
  const valueWidth = number("attention.value_length") ?? headWidth;
  // Where one of them is unknown the product is NaN, and no absurd one is shown either.
  const cache = 1000 * 4 * (layers ?? Number.NaN) * (keyValueHeads ?? Number.NaN) * ((keyWidth ?? Number.NaN) + (valueWidth ?? Number.NaN));
  let parameters = 0;
  for (const { shape } of tensors.values()) parameters += shape.reduce((product, length) => product * length, 1);
  const types = tensorTypesOf(tensors.values());
  return {
    title: textIn(metadata, "general.name"),
    architecture,
    licence: textIn(metadata, "general.license"),
    parameters,
    tensorTypes: types,
    trainedContext: number("context_length"),
    layers,
    width,
    heads,
    keyValueHeads,
    tokenizer: tokenizerOf(metadata),
    template: templateOf(metadata),
    memory: { weights: types.reduce((sum, { bytes }) => sum + bytes, 0), cachePerThousandTokens: Number.isSafeInteger(cache) ? cache : undefined },
  };
}

type Metadata = ReadonlyMap<string, GgufValue>;

const longestText = 200;

function textIn(metadata: Metadata, key: string): string | undefined {
  const value = metadata.get(key);
  return typeof value === "string" && value !== "" ? value.slice(0, longestText) : undefined;
}

function countIn(metadata: Metadata, key: string): number | undefined {
  const value = metadata.get(key);
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}

function tensorTypesOf(tensors: Iterable<{ type: string; byteLength: number }>): GgufDescription["tensorTypes"] {
  const byType = new Map<string, { type: string; tensors: number; bytes: number }>();
  for (const { type, byteLength } of tensors) {
    const row = byType.get(type) ?? { type, tensors: 0, bytes: 0 };
    row.tensors++;
    row.bytes += byteLength;
    byType.set(type, row);
  }
  return [...byType.values()].sort((a, b) => b.bytes - a.bytes);
}

function tokenizerOf(metadata: Metadata): GgufDescription["tokenizer"] {
  const model = textIn(metadata, "tokenizer.ggml.model");
  const tokens = metadata.get("tokenizer.ggml.tokens");
  if (model === undefined || !Array.isArray(tokens)) return undefined;
  return { model, pre: textIn(metadata, "tokenizer.ggml.pre"), tokens: tokens.length };
}

/** `tokenizer.ggml.token_type`: tokens that no text turns into by itself. */
const control = 3;
/** Bounds what a hostile file can cost; real templates have at most a dozen markers, the largest some 30,000 characters. */
const mostMarkersTried = 2000;
const mostTemplateSearched = 200_000;

function templateOf(metadata: Metadata): GgufDescription["template"] {
  const template = metadata.get("tokenizer.chat_template");
  if (typeof template !== "string" || template === "") return undefined;
  const tokens = metadata.get("tokenizer.ggml.tokens");
  const types = metadata.get("tokenizer.ggml.token_type");
  const markers: string[] = [];
  const searched = template.slice(0, mostTemplateSearched);
  if (Array.isArray(tokens) && ArrayBuffer.isView(types)) {
    let tried = 0;
    for (let id = 0; id < types.length && tried < mostMarkersTried; id++) {
      const token = tokens[id];
      if (Number(types[id]) !== control || typeof token !== "string" || token === "" || token.length > longestText) continue;
      tried++;
      if (searched.includes(token) || namesSpecial(searched, metadata, id)) markers.push(token);
    }
  }
  return { characters: template.length, markers };
}

/** A template may write a token by the variable that holds it. */
const namesSpecial = (template: string, metadata: Metadata, id: number): boolean =>
  (["bos", "eos"] as const).some((which) => metadata.get(`tokenizer.ggml.${which}_token_id`) === id && template.includes(`${which}_token`));
