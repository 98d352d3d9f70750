import { type CallId, CutawayError, type JsonObject } from "@cutaway/core";
import type { Bodies, Store } from "@cutaway/store";
import { explainStored } from "../explain-stored.ts";
import { readStored } from "../input/read-calls.ts";
import type { Session } from "../session.ts";
import { line } from "../terminal/line.ts";
import { bytes, counted } from "../terminal/numbers.ts";
import { writeFileAtomically } from "../write-file.ts";

export interface ExportOptions {
  output?: string;
  force?: boolean;
}

export async function run(references: string[], { output, force = false }: ExportOptions, session: Session): Promise<undefined> {
  const { out } = session;
  if (output === undefined) throw new CutawayError("usage", "export: no file is named", { fix: "Give one with -o, e.g. -o call.case.json." });
  const format = formatOf(output);
  const store = await session.storeThatExists();
  const ids = references.map((reference) => store.resolve(reference));
  const [only] = ids;
  if (format !== "jsonl" && ids.length !== 1)
    throw new CutawayError("usage", `${output} holds one call, and ${ids.length} are named`, { fix: "Name one, or write .jsonl." });
  const content = format === "html" && only ? await htmlOf(only, store) : await casesOf(ids, format, store);
  writeFileAtomically(output, content, force);
  if (out.json) out.printJson({ schema: "cutaway/export", version: 1, file: output, format, calls: ids, bytes: Buffer.byteLength(content) });
  else out.say(line(`wrote ${counted(ids.length, "call")} to ${output} (${bytes(Buffer.byteLength(content))})`));
}

type Format = "case.json" | "html" | "jsonl";

function formatOf(file: string): Format {
  if (/\.case\.json$/i.test(file)) return "case.json";
  if (/\.html?$/i.test(file)) return "html";
  if (/\.jsonl$/i.test(file)) return "jsonl";
  throw new CutawayError("bad-option", `${file}: the extension names no format`, { fix: "End it in .case.json, .html or .jsonl." });
}

async function htmlOf(id: CallId, store: Store): Promise<string> {
  const { exportHtml } = await import("@cutaway/server");
  const explanation = await explainStored(id, store);
  return exportHtml(explanation, bodiesOf(explanation.call.bodies, store));
}

async function casesOf(ids: readonly CallId[], format: Format, store: Store): Promise<string> {
  const { toCaseFile } = await import("@cutaway/provider");
  const cases = ids.map((id): JsonObject => {
    const read = readStored(id, store);
    return toCaseFile(read.call, bodiesOf(read.call.bodies, store));
  });
  if (format === "jsonl") return cases.map((item) => `${JSON.stringify(item)}\n`).join("");
  return `${JSON.stringify(cases[0], null, 2)}\n`;
}

/** The raw bytes that a call names. */
export function bodiesOf(refs: { request?: string; response?: string } | undefined, store: Store): Bodies {
  const request = refs?.request === undefined ? undefined : store.body(refs.request);
  const response = refs?.response === undefined ? undefined : store.body(refs.response);
  return { ...(request && { request }), ...(response && { response }) };
}
