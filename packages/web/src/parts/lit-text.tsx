import { type ReactNode, useEffect, useRef } from "react";
import { visible } from "../format/visible.ts";
import type { LitTokens } from "../strip/lights.ts";

/** Text as text, nothing hidden in it, with spans of it lit. Spans are UTF-16 ranges of the text. */
export function LitText({ text, lit, className = "" }: { text: string; lit: readonly LitTokens[]; className?: string }) {
  const element = useRef<HTMLPreElement>(null);
  const first = lit.find(({ bright }) => bright);
  const key = first ? `${first.start}-${first.end}` : "";
  useEffect(() => {
    if (key !== "") element.current?.querySelector("mark[data-bright]")?.scrollIntoView({ block: "center" });
  }, [key]);
  return (
    <pre ref={element} className={`text ${className}`} dir="ltr">
      {pieces(text, lit)}
    </pre>
  );
}

function pieces(text: string, lit: readonly LitTokens[]): ReactNode[] {
  const out: ReactNode[] = [];
  let at = 0;
  for (const { start, end, bright } of lit) {
    const from = Math.max(at, Math.min(start, text.length));
    const to = Math.max(from, Math.min(end, text.length));
    if (from > at) out.push(shown(text.slice(at, from)));
    out.push(
      <mark key={from} data-bright={bright || undefined}>
        {to > from ? shown(text.slice(from, to)) : "\u2009"}
      </mark>,
    );
    at = to;
  }
  if (at < text.length) out.push(shown(text.slice(at)));
  return out;
}

/** Newlines and tabs need no glyph where text is set as text. */
const shown = (text: string): string => text.replace(/[^\n\t]+/g, visible);
