import { CutawayError, isCutawayError, type Tokenizer } from "@cutaway/core";
import { openModelInside, type Reading } from "@cutaway/runtime/inspect";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import type { Subject } from "./subject.ts";

export interface ReadText {
  reading: Reading;
  /** How many of the reading's tokens were given, not said by the model. */
  prompt: number;
}

/** Attention of so many tokens to one another is still drawn without pain. */
export const mostTokens = 2048;

/** The tokens as the model reads them. @throws `too-many-tokens`, `no-tokens` */
export async function readText(subject: Subject): Promise<ReadText> {
  const read = "text" in subject ? await tokensOf(subject) : ofCall(subject);
  const count = Math.max(read.reading.ids.length, read.reading.source?.length ?? 0);
  if (count > mostTokens) {
    throw new CutawayError("too-many-tokens", `the text has ${count} tokens; at most ${mostTokens} are looked into here`, {
      fix: "Take a shorter text, or replay the call with context_size=2048 and overflow=truncate-start; cutaway inspect sets no limit.",
    });
  }
  if (read.reading.ids.length === 0) throw new CutawayError("no-tokens", "the text has no tokens", { fix: "Give a text." });
  return read;
}

function ofCall({ prompt, answer, start }: Exclude<Subject, { text: string }>): ReadText {
  if (start === undefined) return { reading: { ids: [...prompt, ...answer] }, prompt: prompt.length };
  return { reading: { ids: [start, ...answer], source: prompt }, prompt: 1 };
}

/** Special tokens in the text are read as such; what the tokenizer puts around a text is added where it says what that is. */
async function tokensOf({ path, text }: Extract<Subject, { text: string }>): Promise<ReadText> {
  const ids = encode(await loadTokenizer(path), text);
  const start = decoderStart(path);
  return start === undefined ? { reading: { ids }, prompt: ids.length } : { reading: { ids: [start], source: ids }, prompt: 1 };
}

function encode(tokenizer: Tokenizer, text: string): number[] {
  try {
    return Array.from(tokenizer.encode(text, { allowedSpecial: "all", addSpecialTokens: true }));
  } catch (error) {
    if (!isCutawayError(error) || error.code !== "unknown-post-processing") throw error;
    return Array.from(tokenizer.encode(text, { allowedSpecial: "all" }));
  }
}

/** The token with which an encoder–decoder begins; of other models undefined. */
function decoderStart(path: string): number | undefined {
  const model = openModelInside(path);
  try {
    if (model.architecture.kind !== "encoder-decoder") return undefined;
    const start = model.config.get("decoder_start_token_id");
    return typeof start === "number" ? start : 0;
  } finally {
    model.close();
  }
}
