import { type SubjectOptions, tokenJson } from "../inside/subject.ts";
import { withSubject } from "../inside/with-subject.ts";
import { renderNorms } from "../render/inside/norms.ts";
import type { Session } from "../session.ts";

export interface NormsOptions extends SubjectOptions {
  side?: "encoder" | "decoder";
}

export const run = ([argument]: string[], { side, ...options }: NormsOptions, session: Session): Promise<undefined> =>
  withSubject(
    argument,
    options,
    session,
    async (subject) => {
      const { layers, tokens: own, source } = await subject.ask("norms", side ? { side } : {});
      const tokens = side === "encoder" && source ? source : own;
      return {
        json: { schema: "cutaway/inspect-norms", version: 1, layers, tokens: tokens.map(tokenJson) },
        lines: (width) => renderNorms(layers, tokens, width),
      };
    },
    "text",
  );
