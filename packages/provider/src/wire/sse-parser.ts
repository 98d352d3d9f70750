import { type LineSplitter, lineSplitter } from "./line-splitter.ts";

export interface SseEvent {
  /** The `event:` field; absent where the stream names none. */
  name?: string;
  data: string;
}

export interface SseParser {
  chunk(bytes: Uint8Array): void;
  /** The event that was begun and not ended by an empty line, where it has data. */
  rest(): SseEvent | undefined;
}

/**
 * Server-sent events from bytes in any fragmentation. Comments, `id` and `retry` are skipped; several `data` lines join with a line feed.
 * source  WHATWG HTML, "Parsing an event stream"
 */
export function sseParser(onEvent: (event: SseEvent) => void, onTooLong: (bytes: number) => void): SseParser {
  let name: string | undefined;
  let data: string | undefined;

  const take = (): SseEvent | undefined => {
    const event = data === undefined ? undefined : name === undefined ? { data } : { name, data };
    name = undefined;
    data = undefined;
    return event;
  };
  const line = (text: string) => {
    if (text === "") {
      const event = take();
      if (event) onEvent(event);
      return;
    }
    const colon = text.indexOf(":");
    if (colon === 0) return;
    const field = colon < 0 ? text : text.slice(0, colon);
    const value = colon < 0 ? "" : text.slice(text.charCodeAt(colon + 1) === 32 ? colon + 2 : colon + 1);
    if (field === "data") data = data === undefined ? value : `${data}\n${value}`;
    else if (field === "event") name = value;
  };
  const lines: LineSplitter = lineSplitter(line, onTooLong);

  return {
    chunk: lines.chunk,
    rest() {
      const last = lines.rest();
      if (last !== "") line(last);
      return take();
    },
  };
}
