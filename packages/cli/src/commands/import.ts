import { type CallId, CutawayError } from "@cutaway/core";
import { createFailedInputs } from "../input/failed-inputs.ts";
import { readCalls } from "../input/read-calls.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { line, strong } from "../terminal/line.ts";
import { count, counted } from "../terminal/numbers.ts";

/** Stores every call of every input; what cannot be read is named and does not stop the rest. */
export async function run(inputs: string[], _options: object, session: Session): Promise<number> {
  const { out } = session;
  const store = await session.store();
  const progress = startProgress(out);
  const ids: CallId[] = [];
  let known = 0;
  const unsupported: { name: string; from: string; says: string }[] = [];
  const failed = createFailedInputs();
  for (const input of inputs) {
    try {
      for await (const read of readCalls(input, session)) {
        if (session.interrupted.aborted) break;
        if (read.kind === "stored")
          throw new CutawayError("already-stored", `${input} is stored already`, { fix: "Name a file, or - for standard input." });
        if (read.kind === "unsupported") unsupported.push({ name: read.name, from: read.from, says: read.says });
        else {
          const before = store.sameRecording(read.bodies);
          if (before) known++;
          ids.push(before ?? store.put({ call: read.call, bodies: read.bodies }).id);
        }
        progress.update(`${counted(ids.length, "call")} stored`);
        if (ids.length % 64 === 0) await new Promise<void>((resolve) => setImmediate(resolve));
      }
    } catch (thrown) {
      if (!failed.add(thrown, input, ids.length - known)) break;
    }
    if (session.interrupted.aborted) break;
  }
  progress.done();
  if (out.json) out.printJson({ schema: "cutaway/import", version: 1, ids, unsupported, failed: [...failed.list] });
  else {
    for (const id of ids) out.print(line(id));
    for (const { name, from, says } of unsupported) out.complain(line(strong(`unsupported-format: ${name}`), `  ${from}: ${says}`));
  }
  out.say(
    line(
      `${session.interrupted.aborted ? "interrupted: " : ""}stored ${counted(ids.length - known, "call")}${known > 0 ? `, ${count(known)} already stored` : ""}`,
    ),
  );
  failed.end(inputs.length, ids.length);
  return ids.length === 0 ? 2 : 0;
}
