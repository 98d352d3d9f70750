import { growingBytes } from "./growing-bytes.ts";

/** 64 MiB: an image in base64 fits, and one line cannot take the memory of the process. */
export const maxLineBytes = 64 * 1024 * 1024;

export interface LineSplitter {
  chunk(bytes: Uint8Array): void;
  /** The text after the last line end, empty when there is none. */
  rest(): string;
}

/**
 * Bytes in any fragmentation → lines, ended by LF, CRLF or CR as the event-stream format allows.
 * A line is decoded once it is whole, so a fragment may end inside a character. Memory: the longest line, at most `limit` bytes;
 * a longer one is dropped and reported. Linear: no byte is searched twice.
 */
export function lineSplitter(onLine: (line: string) => void, onTooLong: (bytes: number) => void, limit = maxLineBytes): LineSplitter {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  const held = growingBytes();
  let dropped = 0;
  let lastWasCarriageReturn = false;
  let isFirst = true;

  const hold = (bytes: Uint8Array) => {
    if (dropped > 0 || held.length + bytes.length > limit) {
      dropped += held.length + bytes.length;
      held.clear();
    } else if (bytes.length > 0) held.append(bytes);
  };
  const decode = (bytes: Uint8Array): string => {
    const line = utf8.decode(bytes);
    if (!isFirst) return line;
    isFirst = false;
    return line.startsWith("\uFEFF") ? line.slice(1) : line;
  };
  const emit = (tail: Uint8Array) => {
    if (dropped === 0 && held.length === 0 && tail.length <= limit) return onLine(decode(tail));
    hold(tail);
    if (dropped > 0) onTooLong(dropped);
    else onLine(decode(held.view()));
    dropped = 0;
    held.clear();
  };

  return {
    chunk(bytes) {
      let start = 0;
      if (lastWasCarriageReturn && bytes.length > 0) {
        if (bytes[0] === 10) start = 1;
        lastWasCarriageReturn = false;
      }
      let lf = bytes.indexOf(10, start);
      let cr = bytes.indexOf(13, start);
      while (lf >= 0 || cr >= 0) {
        const isCarriageReturn = cr >= 0 && (lf < 0 || cr < lf);
        const end = isCarriageReturn ? cr : lf;
        emit(bytes.subarray(start, end));
        start = end + 1;
        if (isCarriageReturn) {
          if (start === bytes.length) lastWasCarriageReturn = true;
          else if (bytes[start] === 10) start++;
        }
        if (lf >= 0 && lf < start) lf = bytes.indexOf(10, start);
        if (cr >= 0 && cr < start) cr = bytes.indexOf(13, start);
      }
      hold(bytes.subarray(start));
    },
    rest() {
      if (dropped > 0) onTooLong(dropped);
      return dropped > 0 ? "" : decode(held.view());
    },
  };
}
