import { CutawayError, isCutawayError, type Tokenizer } from "@cutaway/core";
import { type ModelSource, openSource } from "./load/open-source.ts";
import { runFast } from "./load/run-fast.ts";
import { runOpen } from "./load/run-open.ts";
import type { Running, RunOptions } from "./load/running.ts";
import type { LocalModelInfo } from "./model-info.ts";

export interface LoadOptions extends RunOptions {
  name?: string;
  sha256?: string;
  /** Which network runs it: `open` in plain float32; `fast`, or none. Default: the fast one where it can, else the open one. */
  network?: "fast" | "open";
}

export interface LoadedModel extends Pick<Running, "newStepper" | "score" | "embed" | "close"> {
  info: LocalModelInfo;
  tokenizer: Tokenizer;
}

/**
 * Opens a GGUF file, or a folder with config.json and safetensors, in this thread: its tokenizer, its network, and what is known of it.
 * @throws `model-not-found`, `vocabulary-mismatch`, and what file, tokenizer and network refuse
 */
export async function loadModel(options: LoadOptions): Promise<LoadedModel> {
  const source = openSource(options.path);
  const running = await run(source, options);
  try {
    requireSameVocabulary(source, running.vocabSize);
    const info = await infoOf(source, running, options);
    const { newStepper, score, embed, close } = running;
    return { info, tokenizer: source.tokenizer, newStepper, score, close, ...(embed && { embed }) };
  } catch (error) {
    running.close();
    throw error;
  }
}

async function run(source: ModelSource, options: LoadOptions): Promise<Running> {
  const { network } = options;
  if (network === "open") return runOpen(source, options);
  try {
    return await runFast(source, options);
  } catch (error) {
    if (network === "fast" || !isCutawayError(error) || error.code !== "unsupported-model") throw error;
    return runOpen(source, options);
  }
}

async function infoOf(source: ModelSource, running: Running, { name, sha256 }: LoadOptions): Promise<LocalModelInfo> {
  const { file, bytes, markers, specials, template, eos, decoderStart, sourceEnd, quantization } = source;
  const { architecture, engine, vocabSize, trainedContext, contextSize, cacheBytesPerToken, embeds } = running;
  return {
    name: name ?? file.replace(/\.gguf$/i, ""),
    weights: { file, sha256: sha256 ?? (await source.sha256()), architecture, ...(quantization !== undefined && { quantization }) },
    bytes,
    engine,
    vocabSize,
    trainedContext,
    contextSize,
    ...(cacheBytesPerToken !== undefined && { cacheBytesPerToken }),
    ...(template !== undefined && { template }),
    ...(eos !== undefined && { eos }),
    markers,
    specials,
    ...(decoderStart && { decoderStart }),
    ...(sourceEnd && { sourceEnd }),
    ...(embeds && { embeds }),
  };
}

function requireSameVocabulary({ tokenizer, file, mayBePadded }: ModelSource, rows: number): void {
  if (tokenizer.vocabSize === rows || (mayBePadded && tokenizer.vocabSize < rows)) return;
  throw new CutawayError("vocabulary-mismatch", `${file}: the tokenizer has ${tokenizer.vocabSize} tokens and the weights have ${rows}`, {
    fix: "Download the file again, or convert the model again.",
    data: { tokenizer: tokenizer.vocabSize, weights: rows },
  });
}
