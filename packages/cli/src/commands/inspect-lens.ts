import { type SubjectOptions, tokenJson } from "../inside/subject.ts";
import { withSubject } from "../inside/with-subject.ts";
import { renderLens } from "../render/inside/lens.ts";
import type { Session } from "../session.ts";

export interface LensOptions extends SubjectOptions {
  top?: number;
}

export const run = ([argument]: string[], { top = 3, ...options }: LensOptions, session: Session): Promise<undefined> =>
  withSubject(argument, options, session, async (subject) => {
    const answer = await subject.ask("lens", { top, ...(subject.token !== undefined && { token: subject.token }) });
    const named = <Token extends { id: number }>(token: Token) => ({ ...token, text: subject.text(token.id) });
    const rows = answer.rows.map(({ layer, cells }) => ({
      layer,
      cells: cells.map((cell) => ({
        ...cell,
        top: cell.top.map(named),
        answer: named(cell.answer),
        ...(cell.followed && { followed: named(cell.followed) }),
      })),
    }));
    return {
      json: { schema: "cutaway/inspect-lens", version: 1, rows, tokens: answer.tokens.map(tokenJson) },
      lines: (width) => renderLens(answer, subject, width),
    };
  });
