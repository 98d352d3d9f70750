import { type Call, type Model, newCallId, startFold } from "@cutaway/core";
import type { PlannedCall } from "./plan-experiment.ts";

/** Makes one planned call and folds what is observed of it. @throws what the model throws before anything is sent */
export async function recordCall(model: Model, { request, case: { parent } }: PlannedCall, signal: AbortSignal | undefined): Promise<Call> {
  const isLocal = request.format === "local";
  const folder = startFold({
    id: newCallId(),
    origin: { kind: isLocal ? "local" : "live", ...(!isLocal && request.url !== undefined && { from: request.url }) },
    ...(parent !== undefined && { parent }),
  });
  for await (const event of model.call(request, signal)) folder.push(event);
  return folder.call();
}
