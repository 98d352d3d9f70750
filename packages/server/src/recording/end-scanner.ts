/** What the bytes so far amount to: `end`: the stream's terminal event has arrived whole; `error`: an error event has. */
export type StreamMark = "end" | "error" | undefined;

/**
 * Watches an event stream for the event after which a client takes the answer as finished, so that the call can be stored before that event is passed on.
 * Fields are matched at the start of a line only: the content of an answer is JSON, whose line breaks are escaped.
 * Missing a mark costs nothing but the early store: the end of the body is held for the store in any case.
 */
export function endScanner(): (bytes: Uint8Array) => StreamMark {
  let line = "";
  let pending: StreamMark;

  const finishLine = (): StreamMark => {
    const text = line.endsWith("\r") ? line.slice(0, -1) : line;
    line = "";
    if (text === "") {
      const mark = pending;
      pending = undefined;
      return mark;
    }
    if (isEnd.test(text)) pending = "end";
    else if (isError.test(text)) pending ??= "error";
    return undefined;
  };

  return (bytes) => {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    let found: StreamMark;
    let start = 0;
    for (let newline = buffer.indexOf(10); newline >= 0; newline = buffer.indexOf(10, start)) {
      line += buffer.toString("latin1", start, Math.min(newline, start + longestMark));
      found = finishLine() ?? found;
      start = newline + 1;
    }
    if (line.length < longestMark) line += buffer.toString("latin1", start, Math.min(buffer.length, start + longestMark));
    return found;
  };
}

const longestMark = 64;
const isEnd =
  /^(?:data: ?\[DONE\]|event: ?(?:message_stop|response\.(?:completed|incomplete|failed))$|data: ?\{ ?"type": ?"(?:message_stop|response\.(?:completed|incomplete|failed))")/;
const isError = /^(?:event: ?error$|data: ?\{ ?"(?:type": ?"error"|error": ))/;
