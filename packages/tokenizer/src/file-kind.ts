/** What a tokenizer file is, told by its content. */
export type TokenizerFileKind = "json" | "json-list" | "gguf" | "sentencepiece" | "tiktoken" | "merges" | "vocab-list";

const firstLines = 4096;

/**
 * Told from the first bytes: a GGUF file's magic; JSON; a SentencePiece model's first two fields; ranks as `BASE64 RANK` or `! 0 BASE64`;
 * merges as pairs of tokens; and a list of words with BERT's unknown token in it, one a line.
 * Undefined for what is none of these.
 */
export function fileKind(bytes: Uint8Array): TokenizerFileKind | undefined {
  if (String.fromCharCode(...bytes.subarray(0, 4)) === "GGUF") return "gguf";
  if (isModelFile(bytes)) return "sentencepiece";
  const start = new TextDecoder().decode(bytes.subarray(0, firstLines)).trimStart();
  if (start.startsWith("{")) return "json";
  if (start.startsWith("[") && /^\[\s*(?:"|\])/.test(start)) return "json-list";
  if (/^! \d+ \S/.test(start) || /^[A-Za-z0-9+/]+={0,2} \d+\r?\n/.test(start)) return "tiktoken";
  if (/^#version: \d/.test(start)) return "merges";
  const text = decoded(bytes);
  if (text === undefined || text.includes("\0")) return undefined;
  const lines = text.split(/\r?\n/, 200_000);
  return lines.includes("[UNK]") ? "vocab-list" : undefined;
}

/** Field 1, a piece of less than 128 bytes, of which field 1 is its text. */
function isModelFile(bytes: Uint8Array): boolean {
  const [tag, length, inner, textLength] = bytes;
  return tag === 0x0a && inner === 0x0a && length !== undefined && textLength !== undefined && length < 0x80 && textLength < length;
}

function decoded(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
