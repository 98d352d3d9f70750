import { type Call, foldCall, newCallId } from "@cutaway/core";
import { localRequest, openLocalModel } from "@cutaway/runtime";

/** A greedy call of a model's file, made for real: prompt and answer with their ids, and the hash of the weights. */
export async function tinyCall(path: string, text: string, maxOutputTokens = 8): Promise<Call> {
  const model = await openLocalModel({ path, name: path });
  try {
    const events = [];
    const request = localRequest({ model: path, messages: [{ role: "user", text }], parameters: { temperature: 0, maxOutputTokens } });
    for await (const event of model.call(request)) events.push(event);
    return foldCall(events, { id: newCallId(), origin: { kind: "local" } });
  } finally {
    await model.close();
  }
}
