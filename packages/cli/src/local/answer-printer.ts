import type { CallEvent } from "@cutaway/core";
import type { Output } from "../output.ts";
import { paint } from "../terminal/paint.ts";

/** Writes an answer as it comes. */
export interface AnswerPrinter {
  push(event: CallEvent): void;
  /** Ends the last line. */
  end(): void;
}

/**
 * In a terminal every character that would move the cursor, change colours or hide text is shown by name, line breaks and tabs excepted;
 * behind a pipe the text goes out as it is. The beginning that the caller gave is dim.
 */
export function createAnswerPrinter(out: Output): AnswerPrinter {
  let last = "\n";
  const write = (text: string, style?: "dim") => {
    out.write(out.interactive ? text.replace(/[^\n\t]+/g, (part) => paint([style ? { text: part, style } : { text: part }], out.colour)) : text);
    last = text.at(-1) ?? last;
  };
  return {
    push(event) {
      if (event.type === "text-delta") write(event.text, event.at === undefined ? "dim" : undefined);
    },
    end() {
      if (last !== "\n") write("\n");
    },
  };
}
