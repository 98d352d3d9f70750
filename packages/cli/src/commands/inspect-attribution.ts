import { type SubjectOptions, tokenJson, tokenOf } from "../inside/subject.ts";
import { withSubject } from "../inside/with-subject.ts";
import { renderAttribution } from "../render/inside/attribution.ts";
import type { Session } from "../session.ts";

export interface AttributionOptions extends SubjectOptions {
  against?: string;
}

export const run = ([argument]: string[], { against, ...options }: AttributionOptions, session: Session): Promise<undefined> =>
  withSubject(argument, options, session, async (subject) => {
    const other = against === undefined ? undefined : tokenOf("--against", against, subject.model, session);
    const answer = await subject.ask("attribution", {
      ...(subject.token !== undefined && { token: subject.token }),
      ...(other !== undefined && { against: other }),
    });
    const { tokens, source, ...found } = answer;
    return {
      json: {
        schema: "cutaway/inspect-attribution",
        version: 1,
        text: subject.text(found.token),
        ...found,
        tokens: tokens.map(tokenJson),
        ...(source && { source: source.map(tokenJson) }),
      },
      lines: (width) => renderAttribution(answer, subject, width),
    };
  });
