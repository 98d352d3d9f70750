import { type Call, type CallEvent, newCallId, type Request, startFold } from "@cutaway/core";
import { environmentKeys, liveModel, redactor, wireFormatOf } from "@cutaway/provider";
import type { Replayed } from "./run-replays.ts";

/** Sends the request to its provider, or to `baseUrl`; no key is left in what comes back. */
export async function sendLive(original: Call, request: Request, baseUrl: string | undefined, signal: AbortSignal): Promise<Replayed> {
  const bodies: { request: Uint8Array[]; response: Uint8Array[] } = { request: [], response: [] };
  const model = liveModel({
    format: wireFormatOf(request),
    ...(baseUrl !== undefined && { baseUrl }),
    onBytes: (side: "request" | "response", bytes: Uint8Array) => bodies[side].push(bytes),
  });
  const folder = startFold({ id: newCallId(), parent: original.id, origin: { kind: "live", ...(baseUrl !== undefined && { from: baseUrl }) } });
  for await (const event of model.call(request, signal) as AsyncIterable<CallEvent>) folder.push(event);
  const redact = redactor(environmentKeys());
  const whole = (parts: Uint8Array[]) => (parts.length === 0 ? undefined : redact.bytes(Buffer.concat(parts)));
  const [sent, received] = [whole(bodies.request), whole(bodies.response)];
  return { call: redact.call(folder.call()), bodies: { ...(sent && { request: sent }), ...(received && { response: received }) } };
}
