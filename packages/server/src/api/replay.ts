import { type Call, type CallId, CutawayError, type LocalOptions, newCallId, type Parameters, type Request, startFold } from "@cutaway/core";
import { environmentKeys, redactor, wireFormatOf } from "@cutaway/provider";
import type { Store } from "@cutaway/store";
import { type ModelSources, modelOf } from "../model-of.ts";

export interface ReplayChanges {
  set: Partial<Parameters>;
  /** Options of the local runtime; only for calls of local models. */
  local: Partial<LocalOptions>;
}

/**
 * Makes a stored call again, with some parameters changed, and stores the answer as its child. An undefined value takes a parameter out.
 * sources  who answers; the key of a remote model comes from the environment
 * @throws  `nothing-to-replay`, `not-local`, and what the model throws before anything is sent (no key, a parameter it does not have)
 */
export async function replay(
  store: Store,
  parent: Call,
  { set, local }: ReplayChanges,
  sources: Omit<ModelSources, "onBytes">,
  signal: AbortSignal,
): Promise<CallId> {
  const sides: Record<"request" | "response", Uint8Array[]> = { request: [], response: [] };
  const model = await modelOf(parent, { ...sources, onBytes: (side, bytes) => sides[side].push(bytes) });
  const request = changed(parent.request as Request, { set, local });
  const target = request.format === "local" ? undefined : sources.baseUrlFor(wireFormatOf(request));
  const folder = startFold({
    id: newCallId(),
    parent: parent.id,
    origin: request.format === "local" ? { kind: "local" } : { kind: "live", ...(target !== undefined && { from: new URL(target).origin }) },
  });
  const redact = redactor(environmentKeys());
  let shown = false;
  for await (const event of model.call(request, signal)) {
    folder.push(event);
    if (shown) continue;
    store.begin(redact.call(folder.call()));
    shown = true;
  }
  const [sent, received] = [sides.request, sides.response].map((parts) => (parts.length === 0 ? undefined : redact.bytes(Buffer.concat(parts))));
  return store.put({ call: redact.call(folder.call()), bodies: { ...(sent && { request: sent }), ...(received && { response: received }) } }).id;
}

function changed(request: Request, { set, local }: ReplayChanges): Request {
  const parameters = known({ ...request.parameters, ...set });
  if (request.format === "local") return { ...request, parameters, local: known({ ...request.local, ...local }) };
  if (Object.keys(local).length > 0) {
    throw new CutawayError("not-local", `${Object.keys(local).join(", ")}: only a local model can be told so, and this call went to a provider`);
  }
  return { ...request, parameters: { ...request.parameters, ...set } };
}

const known = <T extends object>(values: T): T => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as T;
