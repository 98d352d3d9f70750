import { existsSync } from "node:fs";
import { type CallId, CutawayError } from "@cutaway/core";
import type { Session } from "../session.ts";

/** What an argument of the command line means. */
export type InputPlace = { kind: "stdin" } | { kind: "file"; path: string } | { kind: "stored"; id: CallId };

const looksLikeReference = /^(latest(~\d+)?|[0-9A-Za-z]{4,26})$/;

/** `-`, a file that exists, or a stored call by reference; a file wins over a call of the same name. */
export async function findInput(argument: string, session: Session): Promise<InputPlace> {
  if (argument === "-") return { kind: "stdin" };
  if (existsSync(argument)) return { kind: "file", path: argument };
  if (looksLikeReference.test(argument)) return { kind: "stored", id: (await session.storeThatExists()).resolve(argument) };
  throw new CutawayError("file-not-found", `${argument}: no such file, and not the name of a stored call`, {
    fix: "Check the path; cutaway list shows what is stored.",
    data: { path: argument },
  });
}
