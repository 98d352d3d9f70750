import { type SubjectOptions, tokenJson } from "../inside/subject.ts";
import { withSubject } from "../inside/with-subject.ts";
import { renderLayerRoutes, renderRouting } from "../render/inside/routing.ts";
import type { Session } from "../session.ts";

export interface RoutingOptions extends SubjectOptions {
  layers?: number[];
}

export const run = ([argument]: string[], { layers, ...options }: RoutingOptions, session: Session): Promise<undefined> =>
  withSubject(
    argument,
    options,
    session,
    async (subject) => {
      const answer = await subject.ask("routing", layers ? { layers } : {});
      return {
        json: { schema: "cutaway/inspect-routing", version: 1, layers: answer.layers, tokens: answer.tokens.map(tokenJson) },
        lines: (width) => (layers ? answer.layers.flatMap((layer) => renderLayerRoutes(layer, answer.tokens, width)) : renderRouting(answer, width)),
      };
    },
    "text",
  );
