import type { Span } from "@cutaway/core";
import { scanJson } from "./scan-json.ts";

/** Where a text holds JSON: all of it, inside a Markdown fence, or a value with prose around it. */
export interface FoundJson {
  kind: "whole" | "fenced" | "embedded";
  span: Span;
  /** The fence was opened and never closed. */
  openFence?: boolean;
}

/**
 * The JSON that a text is or carries, valid or not; undefined for plain prose. Looks at the first fence and the first bracket
 * only, so that the time is linear.
 */
export function findJson(text: string): FoundJson | undefined {
  const start = text.length - text.trimStart().length;
  const end = text.trimEnd().length;
  if (start >= end) return undefined;
  if (startsLikeJson(text, start)) {
    const scan = scanJson(text.slice(start, end), { prefix: true });
    const rest = scan.ok ? text.slice(start + scan.end, end) : "";
    return rest.trim().length > 0 && !/^[\s,}\]]*$/.test(rest)
      ? { kind: "embedded", span: { start, end: start + (scan.ok ? scan.end : 0) } }
      : { kind: "whole", span: { start, end } };
  }
  const fence = /```[ \t]*(json)?[ \t]*\r?\n/i.exec(text);
  if (fence) {
    const from = fence.index + fence[0].length;
    const close = text.indexOf("```", from);
    const to = close < 0 ? text.length : close;
    const inner = text.slice(from, to);
    const innerStart = from + (inner.length - inner.trimStart().length);
    if (fence[1] || startsLikeJson(text, innerStart)) {
      const innerEnd = Math.max(innerStart, from + inner.trimEnd().length);
      return { kind: "fenced", span: { start: innerStart, end: innerEnd }, ...(close < 0 && { openFence: true }) };
    }
    return undefined;
  }
  const bracket = text.search(/[{[]/);
  if (bracket < 0 || !startsLikeJson(text, bracket)) return undefined;
  const scan = scanJson(text.slice(bracket), { prefix: true });
  return scan.ok ? { kind: "embedded", span: { start: bracket, end: bracket + scan.end } } : undefined;
}

/** `{"`, `{}`, `[{`, `["`, `[[1`, … : brackets that prose (`[Note]`, `[[ ## answer ## ]]`, `{name}`) does not begin with. */
function startsLikeJson(text: string, at: number): boolean {
  const head = text.slice(at, at + 200);
  return /^(\{\s*("|\})|(\[\s*)+([{"\]]|-?\d|true\b|false\b|null\b))/.test(head);
}
