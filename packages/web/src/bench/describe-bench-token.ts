import { hex, onOneLine, visible, visibleToken } from "../format/visible.ts";
import { type EncodedText, entryBytes, kindOf } from "./encoded-text.ts";

/** One token in one line, for the status bar and for a screen reader. */
export function describeBenchToken(encoded: EncodedText, i: number): string {
  const { packed, entry, text } = encoded;
  const at = entry[i] as number;
  const bytes = entryBytes(packed, at);
  const [start, end] = [packed.starts[i] as number, packed.ends[i] as number];
  const own = onOneLine(visibleToken(bytes));
  const part = onOneLine(visible(text.slice(start, end)));
  const kind = kindOf(encoded, at);
  return [
    `#${i}`,
    `“${own}”`,
    part !== own && start < end && `of “${part}”`,
    `id ${packed.ids[i]}`,
    kind !== "text" && kind,
    `${bytes.length === 1 ? "byte" : "bytes"} ${hex(bytes.subarray(0, 24))}${bytes.length > 24 ? " …" : ""}`,
    `UTF-16 ${start}–${end}`,
  ]
    .filter(Boolean)
    .join(" · ");
}
