import { type Call, CutawayError, type JsonObject, plain } from "@cutaway/core";
import { diffCalls } from "@cutaway/metrics";
import { readCalls } from "../input/read-calls.ts";
import { renderDiff } from "../render/diff.ts";
import type { Session } from "../session.ts";

export async function run([first = "", second = ""]: string[], _options: object, session: Session): Promise<undefined> {
  const { out } = session;
  const a = await oneCall(first, session);
  const b = await oneCall(second, session);
  const diff = diffCalls(a, b);
  if (out.json) out.printJson({ schema: "cutaway/diff", version: 1, a: a.id, b: b.id, ...(plain(diff) as JsonObject) });
  else out.print(...renderDiff(diff, a, b, [nameOf(first, a), nameOf(second, b)], out.width));
}

const nameOf = (argument: string, call: Call): string => (/^latest/.test(argument) ? `${argument} ${call.id}` : argument);

/** The one call of an input; an input with several is refused, for which is meant? */
export async function oneCall(argument: string, session: Session): Promise<Call> {
  let found: Call | undefined;
  for await (const read of readCalls(argument, session)) {
    if (read.kind === "unsupported") throw new CutawayError("unsupported-format", `unsupported-format: ${read.name}  ${read.from}: ${read.says}`);
    if (found)
      throw new CutawayError("several-calls", `${argument} holds several calls`, {
        fix: `Store them with cutaway import ${argument} and name one by its id.`,
      });
    found = read.call;
  }
  if (!found) throw new CutawayError("nothing-there", `${argument} holds no call`);
  return found;
}
