import { decodeUtf8 } from "@cutaway/core";
import { defaultModel } from "@cutaway/runtime/models";
import { readPrompt } from "../input/read-text.ts";
import { type EngineOptions, openModel } from "../local/open-model.ts";
import { startProgress } from "../progress.ts";
import { measures, renderScore } from "../render/score.ts";
import { scoreText, type TextScore } from "../score/score-text.ts";
import type { Session } from "../session.ts";
import { count } from "../terminal/numbers.ts";

export interface ScoreOptions extends Pick<EngineOptions, "threads" | "contextSize"> {
  model?: string;
  bos?: "auto" | "always" | "never";
  parseSpecial?: boolean;
  top?: number;
  stride?: number;
  full?: boolean;
}

export async function run([argument]: string[], options: ScoreOptions, session: Session): Promise<undefined> {
  const { out, interrupted } = session;
  const { model: named = defaultModel, threads, contextSize, bos, parseSpecial, top = 0, stride, full = false } = options;
  const text = await readPrompt(argument, session);
  if (interrupted.aborted) return;
  const model = await openModel(named, { threads, contextSize }, session);
  const progress = startProgress(out);
  try {
    const score = await scoreText(text, model, {
      top,
      signal: interrupted,
      progress: (scored, of) => progress.update(`${count(scored)} of ${count(of)} tokens`),
      ...(bos !== undefined && { bos }),
      ...(parseSpecial !== undefined && { parseSpecial }),
      ...(stride !== undefined && { stride }),
    });
    progress.done();
    if (out.json) out.printJson(asJson(score, model.info.name, top));
    else out.print(...renderScore(score, { width: out.width, full, top }));
  } finally {
    progress.done();
    await model.close();
  }
}

function asJson(score: TextScore, model: string, depth: number) {
  const { logprob, scoredTokens, scoredBytes, tokens } = score;
  const { perplexity, bitsPerByte } = measures(score);
  return {
    schema: "cutaway/score",
    version: 1,
    model,
    logprob,
    scoredTokens,
    scoredBytes,
    perplexity: perplexity ?? null,
    bitsPerByte: bitsPerByte ?? null,
    tokens: tokens.map(({ token, scored }) => ({
      id: token.id ?? null,
      text: decodeUtf8(token.bytes),
      logprob: scored?.logprob ?? null,
      rank: scored?.rank ?? null,
      entropy: scored?.entropy ?? null,
      ...(depth > 0 && {
        top: (scored?.top ?? []).slice(0, depth).map(({ id, bytes, logprob }) => ({ id: id ?? null, text: decodeUtf8(bytes), logprob })),
      }),
    })),
  };
}
