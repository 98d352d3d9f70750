import { isDeepStrictEqual } from "node:util";
import { type Call, type CallId, CutawayError, foldCall, newCallId } from "@cutaway/core";
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
 * What brings none and was imported before, byte for byte, is that call, and is not stored again.
 */
export async function importText(store: Store, bytes: Uint8Array, name: string): Promise<Imported> {
  const found = new Set<CallId>();
  const unsupported: Imported["unsupported"] = [];
  let time = 0;
  for await (const item of readInput(caseInHtml(bytes) ?? bytes, name)) {
    if (item.kind === "unsupported") {
      unsupported.push({ name: item.name, says: item.says, from: item.from });
      continue;
    }
    time = Math.max(Date.now(), time + 1);
    const withId = (id: CallId) => foldCall(item.events, { id, origin: { kind: "file", from: item.from } });
    const own = item.id && withId(item.id);
    const isNew = own === undefined || isAnother(own, store.get(own.id)?.call);
    const known = isNew ? store.sameRecording(item.bodies) : undefined;
    found.add(known ?? store.put({ call: isNew ? withId(newCallId(time)) : own, bodies: item.bodies }).id);
  }
  if (found.size === 0 && unsupported.length === 0) {
    throw new CutawayError("empty-input", "there is nothing in it", { fix: "Paste a request, a response, a stream, a cURL command or a HAR file." });
  }
  return { ids: [...found], unsupported };
}

/** Whether the id of a call is that of another one already. */
function isAnother(call: Call, stored: Call | undefined): boolean {
  if (!stored) return false;
  return !isDeepStrictEqual({ ...stored, bodies: undefined, origin: undefined }, { ...call, bodies: undefined, origin: undefined });
}
