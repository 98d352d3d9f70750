import { type SubjectOptions, tokenJson } from "../inside/subject.ts";
import { withSubject } from "../inside/with-subject.ts";
import { renderReport, saysOf } from "../render/inside/token-report.ts";
import type { Session } from "../session.ts";

export const run = ([argument]: string[], options: SubjectOptions, session: Session): Promise<undefined> =>
  withSubject(argument, options, session, async (subject) => {
    const report = await subject.ask("token", subject.token === undefined ? {} : { token: subject.token });
    const { tokens, verdicts, target, ...figures } = report;
    return {
      json: {
        schema: "cutaway/inspect",
        version: 1,
        target: { ...target, text: subject.text(target.id) },
        verdicts: verdicts.map((verdict) => ({ ...verdict, says: saysOf(report, verdict.says, subject.text) })),
        ...figures,
        tokens: tokens.map(tokenJson),
      },
      lines: (width) => renderReport(report, subject, width),
    };
  });
