import { type Call, type CallEvent, foldCall, type JsonValue, newCallId } from "@cutaway/core";
import { type InputItem, readInput } from "@cutaway/provider";

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const id = newCallId(0, () => 0);

export const fold = (events: Iterable<CallEvent>): Call => foldCall(events, { id, origin: { kind: "file" } });

export const items = (input: string | Uint8Array | JsonValue, name = "input"): InputItem[] => [
  ...readInput(input instanceof Uint8Array ? input : bytesOf(typeof input === "string" ? input : JSON.stringify(input)), name),
];

/** The only call in the input. */
export function callIn(input: string | Uint8Array | JsonValue): Call {
  const [item, ...more] = items(input);
  if (item?.kind !== "call" || more.length > 0) throw new Error(`expected one call, found ${JSON.stringify([item, ...more]).slice(0, 300)}`);
  return fold(item.events);
}

export const lines = (...payloads: JsonValue[]): string => `${payloads.map((payload) => JSON.stringify(payload)).join("\n")}\n`;

/** Server-sent events of the payloads; named after their type where the format does so. */
export const sse = (payloads: readonly JsonValue[], options: { named?: boolean; done?: boolean } = {}): string =>
  payloads.map((payload) => `${options.named ? `event: ${(payload as { type: string }).type}\n` : ""}data: ${JSON.stringify(payload)}\n\n`).join("") +
  (options.done ? "data: [DONE]\n\n" : "");
