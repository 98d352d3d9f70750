import { type Call, CutawayError, type Model, type WireFormat } from "@cutaway/core";
import { liveModel, wireFormatOf } from "@cutaway/provider";
import type { LocalModels } from "./local-models.ts";

export interface ModelSources {
  locals: LocalModels;
  /** Where calls of a wire format go. Undefined: to the vendor. */
  baseUrlFor(format: WireFormat): string | undefined;
  /** The raw bodies of remote calls, as sent and as they come. */
  onBytes?: (side: "request" | "response", bytes: Uint8Array) => void;
}

/**
 * The model that can answer a stored call again: the local one it was made with, or the provider's API with the key of the environment.
 * @throws  `nothing-to-replay` where the request is not known, and what the local model throws when it is opened
 */
export async function modelOf(call: Call, { locals, baseUrlFor, onBytes }: ModelSources): Promise<Model> {
  if (!call.request) {
    throw new CutawayError("nothing-to-replay", "of this call only the answer was recorded", {
      fix: "Record calls through `cutaway proxy` to be able to replay them.",
    });
  }
  if (call.request.format === "local") return locals.of(call);
  const format = wireFormatOf(call.request);
  const baseUrl = baseUrlFor(format);
  const model = liveModel({ format, ...(baseUrl !== undefined && { baseUrl }), ...(onBytes && { onBytes }) });
  // The proxy may stand for the vendor: prices are known by the vendor's name, which the recorded call has.
  return { ...model, ref: { ...call.model, ...model.ref } };
}
