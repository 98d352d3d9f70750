import { isDeepStrictEqual } from "node:util";
import { type CallId, CutawayError, foldCall, newCallId } from "@cutaway/core";
import { readInput } from "@cutaway/provider";
import type { Store } from "@cutaway/store";
import { caseInHtml } from "../html/case-block.ts";

export interface Imported {
  ids: CallId[];
  unsupported: { name: string; says: string; from: string }[];
}

/**
 * Stores every call found in what a person pasted, an exported page included.
 * A call that brings an id keeps it, unless another call already has it: a file must not replace what was recorded.
 */
export async function importText(store: Store, bytes: Uint8Array, name: string): Promise<Imported> {
  const imported: Imported = { ids: [], unsupported: [] };
  let time = 0;
  for await (const item of readInput(caseInHtml(bytes) ?? bytes, name)) {
    if (item.kind === "unsupported") {
      imported.unsupported.push({ name: item.name, says: item.says, from: item.from });
      continue;
    }
    time = Math.max(Date.now(), time + 1);
    const withId = (id: CallId) => foldCall(item.events, { id, origin: { kind: "file", from: item.from } });
    const call = withId(item.id ?? newCallId(time));
    const before = store.get(call.id)?.call;
    const isOther =
      before !== undefined &&
      !isDeepStrictEqual({ ...before, bodies: undefined, origin: undefined }, { ...call, bodies: undefined, origin: undefined });
    imported.ids.push(store.put({ call: isOther ? withId(newCallId(time)) : call, bodies: item.bodies }).id);
  }
  if (imported.ids.length === 0 && imported.unsupported.length === 0) {
    throw new CutawayError("empty-input", "there is nothing in it", { fix: "Paste a request, a response, a stream, a cURL command or a HAR file." });
  }
  return imported;
}
