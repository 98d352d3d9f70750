import { errorOf } from "../api/api-error.ts";
import { type BodyName, bodyUrl, reach } from "../api/client.ts";

export interface Body {
  text: string;
  /** Bytes read. */
  bytes: number;
  /** More of it lies on the server. */
  isPart: boolean;
}

/** A raw body's first `limit` bytes as text. Bytes that are not UTF-8 show as U+FFFD; what lies on the server is untouched. */
export async function fetchBody(ref: string, which: BodyName, limit: number, signal: AbortSignal): Promise<Body> {
  const response = await reach(bodyUrl(ref, which), { signal });
  if (!response.ok) throw errorOf(response.status, await response.text());
  const reader = response.body?.getReader();
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let text = "";
  let bytes = 0;
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), bytes, isPart: false };
    const room = limit - bytes;
    text += decoder.decode(value.subarray(0, room), { stream: true });
    bytes += Math.min(room, value.length);
    if (value.length > room) {
      await reader.cancel();
      return { text, bytes, isPart: true };
    }
  }
  return { text, bytes, isPart: false };
}
