import { CutawayError } from "@cutaway/core";
import { readTexts } from "../input/read-texts.ts";
import { openModel } from "../local/open-model.ts";
import { renderSimilarities } from "../render/similarities.ts";
import type { Session } from "../session.ts";

export interface EmbedOptions {
  model?: string;
  threads?: number;
}

/** The registry's model for it. */
const embedder = "all-minilm-l6-v2";

export async function run(args: string[], { model: named = embedder, threads }: EmbedOptions, session: Session): Promise<undefined> {
  const { out, interrupted: signal } = session;
  const texts = await readTexts(args, session);
  if (signal.aborted) return;
  const model = await openModel(named, { threads }, session);
  try {
    const { embeds } = model.info;
    if (!model.embed || !embeds) {
      throw new CutawayError("not-an-encoder", `${named} is a model that writes: it makes no vectors`, {
        fix: `Name an encoder, e.g. ${embedder} (cutaway models pull ${embedder}).`,
      });
    }
    out.status(`reading ${texts.length} texts`);
    const vectors = await model.embed(texts, { signal }).finally(() => out.status(undefined));
    if (out.json) {
      const { size, pooling, normalized, longest } = embeds;
      out.printJson({
        schema: "cutaway/embeddings",
        version: 1,
        model: model.info.name,
        size,
        pooling,
        normalized,
        longest,
        texts: texts.map((text, at) => ({ text, vector: Array.from(vectors[at] as Float32Array) })),
      });
    } else out.print(...renderSimilarities(texts, vectors, out.width));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    await model.close();
  }
}
