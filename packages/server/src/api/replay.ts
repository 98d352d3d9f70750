import { type Call, type CallId, CutawayError, newCallId, type Parameters, startFold, type WireFormat } from "@cutaway/core";
import { environmentKeys, liveModel, redactor, wireFormatOf } from "@cutaway/provider";
import type { Store } from "@cutaway/store";
import { pathAt, type Upstream } from "../proxy/upstream.ts";

/**
 * Sends the request of a stored call again, with some parameters changed, and stores the answer as its child.
 * upstreamFor  where calls of a format go; the key comes from the environment
 * @throws  `nothing-to-replay`, and what `liveModel` throws before anything is sent (no key, a parameter the format does not have)
 */
export async function replay(
  store: Store,
  parent: Call,
  set: Partial<Parameters>,
  upstreamFor: (format: WireFormat) => Upstream,
  signal: AbortSignal,
): Promise<CallId> {
  if (!parent.request) {
    throw new CutawayError("nothing-to-replay", "of this call only the answer was recorded", {
      fix: "Record calls through `cutaway proxy` to be able to replay them.",
    });
  }
  const request = { ...parent.request, parameters: { ...parent.request.parameters, ...set } };
  const format = wireFormatOf(request);
  const upstream = upstreamFor(format);
  const baseUrl = upstream.url.origin + pathAt(upstream, paths[format]);
  const sides: Record<"request" | "response", Uint8Array[]> = { request: [], response: [] };
  const model = liveModel({ format, baseUrl, onBytes: (side, bytes) => sides[side].push(bytes) });
  const folder = startFold({ id: newCallId(), parent: parent.id, origin: { kind: "live", from: upstream.base } });
  const redact = redactor(environmentKeys());
  let shown = false;
  for await (const event of model.call(request, signal)) {
    folder.push(event);
    if (shown) continue;
    store.begin(redact.call(folder.call()));
    shown = true;
  }
  const [sent, received] = [sides.request, sides.response].map((parts) => redact.bytes(Buffer.concat(parts)));
  return store.put({ call: redact.call(folder.call()), bodies: { ...(sent && { request: sent }), ...(received && { response: received }) } }).id;
}

const paths: Record<WireFormat, string> = {
  "openai-chat": "/v1/chat/completions",
  "openai-responses": "/v1/responses",
  "anthropic-messages": "/v1/messages",
};
