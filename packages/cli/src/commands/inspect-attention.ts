import { CutawayError } from "@cutaway/core";
import { type Subject, type SubjectOptions, tokenJson } from "../inside/subject.ts";
import { withSubject } from "../inside/with-subject.ts";
import { renderAttention } from "../render/inside/attention.ts";
import type { Session } from "../session.ts";

export interface AttentionOptions extends SubjectOptions {
  layers?: number[];
  heads?: number[];
  kind?: "self" | "encoder" | "cross";
}

export async function run([argument]: string[], { layers, heads, kind, ...options }: AttentionOptions, session: Session): Promise<undefined> {
  if (heads && !layers)
    throw new CutawayError("option-without-effect", "--heads needs --layers: the heads of which layers?", { fix: "Give --layers too." });
  const show = async (subject: Subject) => {
    const { tokens, source, ...answer } = await subject.ask("attention", {
      ...(kind && { kind }),
      ...(layers && { layers }),
      ...(heads && { heads }),
    });
    const read = source ?? tokens;
    const looking = {
      queries: kind === "encoder" ? read : tokens,
      keys: kind === "encoder" || kind === "cross" ? read : tokens,
      isCausal: (kind ?? "self") === "self" && subject.model.info.embeds === undefined,
    };
    return {
      json: {
        schema: "cutaway/inspect-attention",
        version: 1,
        ...answer,
        tokens: tokens.map(tokenJson),
        ...(source && { source: source.map(tokenJson) }),
      },
      lines: (width: number) => renderAttention({ ...answer, tokens }, looking, width),
    };
  };
  return withSubject(argument, options, session, show, "text");
}
