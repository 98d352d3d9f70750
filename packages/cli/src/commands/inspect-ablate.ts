import { type SubjectOptions, tokenJson, tokenOf } from "../inside/subject.ts";
import { withSubject } from "../inside/with-subject.ts";
import { renderAblation } from "../render/inside/changes.ts";
import type { Session } from "../session.ts";

export interface AblateOptions extends SubjectOptions {
  of?: "heads" | "layers" | "positions";
  set?: "zero" | "mean";
  layers?: number[];
  against?: string;
}

export const run = ([argument]: string[], { of = "layers", set, layers, against, ...options }: AblateOptions, session: Session): Promise<undefined> =>
  withSubject(argument, options, session, async (subject) => {
    const other = against === undefined ? undefined : tokenOf("--against", against, subject.model, session);
    const answer = await subject.ask("ablation", {
      of,
      ...(set && { set }),
      ...(layers && { layers }),
      ...(subject.token !== undefined && { token: subject.token }),
      ...(other !== undefined && { against: other }),
    });
    const { tokens, ...found } = answer;
    return {
      json: { schema: "cutaway/inspect-ablation", version: 1, ...found, tokens: tokens.map(tokenJson) },
      lines: (width) => renderAblation(answer, subject, width),
    };
  });
