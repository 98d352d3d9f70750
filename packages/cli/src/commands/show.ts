import { CutawayError } from "@cutaway/core";
import { explanationToJson } from "@cutaway/diagnose";
import { explainStored } from "../explain-stored.ts";
import { renderCall } from "../render/show.ts";
import type { Session } from "../session.ts";

export interface ShowCommandOptions {
  body?: "request" | "response";
  full?: boolean;
}

export async function run([reference = ""]: string[], { body, full = false }: ShowCommandOptions, session: Session): Promise<undefined> {
  const { out } = session;
  const store = await session.storeThatExists();
  const id = store.resolve(reference);
  if (body) {
    const hash = store.get(id)?.call.bodies?.[body];
    const bytes = hash === undefined ? undefined : store.body(hash);
    if (!bytes) throw new CutawayError("no-body", `the ${body} of ${id} was not recorded`, { fix: "Without --body, show says what was recorded." });
    out.write(bytes);
    return;
  }
  const explanation = await explainStored(id, store);
  if (out.json) out.printJson(explanationToJson(explanation));
  else out.print(...renderCall(explanation, { width: out.width, full }));
}
