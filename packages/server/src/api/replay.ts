import { type Call, type CallId, CutawayError, newCallId, type Parameters, startFold } from "@cutaway/core";
import { liveModel } from "@cutaway/provider";
import type { Store } from "@cutaway/store";

/**
 * Sends the request of a stored call again, with some parameters changed, and stores the answer as its child.
 * baseUrl  where calls of this format go; the key comes from the environment
 * @throws  `nothing-to-replay`, and what `liveModel` throws before anything is sent (no key, a parameter the format does not have)
 */
export async function replay(store: Store, parent: Call, set: Partial<Parameters>, baseUrl: string, signal: AbortSignal): Promise<CallId> {
  if (!parent.request) {
    throw new CutawayError("nothing-to-replay", "of this call only the answer was recorded", {
      fix: "Record calls through `cutaway proxy` to be able to replay them.",
    });
  }
  const request = { ...parent.request, parameters: { ...parent.request.parameters, ...set } };
  const model = liveModel({ format: request.format, baseUrl });
  const folder = startFold({ id: newCallId(), parent: parent.id, origin: { kind: "live", from: baseUrl } });
  let shown = false;
  for await (const event of model.call(request, signal)) {
    folder.push(event);
    if (shown) continue;
    store.begin(folder.call());
    shown = true;
  }
  return store.put({ call: folder.call() }).id;
}
