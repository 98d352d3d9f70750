import { defaultModel } from "@cutaway/runtime/models";
import { pullWithProgress } from "../models/pull-with-progress.ts";
import type { Session } from "../session.ts";
import { line } from "../terminal/line.ts";
import { bytes } from "../terminal/numbers.ts";

export interface ModelsPullOptions {
  from?: string;
}

export async function run([name = defaultModel]: string[], { from }: ModelsPullOptions, session: Session): Promise<undefined> {
  const { out } = session;
  const pulled = await pullWithProgress(name, from, session);
  if (!pulled) return;
  const { path, size, sha256, source, alreadyHere } = pulled;
  if (out.json) {
    const known = { sha256: sha256 ?? null, source: source ?? null };
    out.printJson({ schema: "cutaway/model-pulled", version: 1, name: pulled.name, path, size, ...known, alreadyHere });
    return;
  }
  out.print(line(session.pathForPeople(path)));
  out.say(line(`${pulled.name}, ${bytes(size)}, ${alreadyHere ? "was here already" : "is here"}; SHA-256 ${sha256 ?? "not known"}`));
}
