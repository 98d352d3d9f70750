import type { LanguagePlace, Request, Span } from "@cutaway/core";
import { useEffect, useMemo, useRef } from "react";
import { LitText } from "../parts/lit-text.tsx";
import { type PointedText, pointedText, spanOfLine, spanOfPlace } from "./pointer-spans.ts";

/** What the answer was held to, as text. */
export interface LanguageSourceText {
  title: string;
  text: string;
  spanOf(place: LanguagePlace): Span | undefined;
}

export function languageTextOf(request: Request | undefined): LanguageSourceText | undefined {
  const { responseFormat } = request?.parameters ?? {};
  const { constraint = {} } = request?.local ?? {};
  if (responseFormat?.type === "json-schema" && responseFormat.schema !== undefined) {
    const pointed: PointedText = pointedText(responseFormat.schema);
    return { title: "JSON schema", text: pointed.text, spanOf: (place) => spanOfPlace(pointed, place) };
  }
  if (responseFormat?.type === "json") return { title: "any JSON object", text: "{ … }", spanOf: () => undefined };
  if (constraint.grammar) {
    const { text, syntax } = constraint.grammar;
    return {
      title: syntax === "gbnf" ? "GBNF grammar" : "Lark grammar",
      text,
      spanOf: ({ line }) => (line === undefined ? undefined : spanOfLine(text, line)),
    };
  }
  if (constraint.regex !== undefined) return { title: "regular expression", text: constraint.regex, spanOf: () => undefined };
  if (constraint.choice) return { title: "one of these texts", text: constraint.choice.join("\n"), spanOf: () => undefined };
  return undefined;
}

/** The text with the places lit that speak at the step that is looked at. It scrolls by itself: the page around it stays where it is. */
export function LanguageText({ source, places }: { source: LanguageSourceText; places: readonly LanguagePlace[] }) {
  const box = useRef<HTMLDivElement>(null);
  const lit = useMemo(() => litOf(source, places), [source, places]);
  const first = lit[0]?.start;
  useEffect(() => {
    const [scroller, mark] = [box.current?.querySelector("pre"), box.current?.querySelector("mark")];
    if (first !== undefined && scroller && mark instanceof HTMLElement) scroller.scrollTop = mark.offsetTop - scroller.offsetTop - 60;
  }, [first]);
  return (
    <div ref={box}>
      <LitText text={source.text} lit={lit} className="language-text" />
    </div>
  );
}

/** Of each place its first line, the innermost where they overlap. */
function litOf(source: LanguageSourceText, places: readonly LanguagePlace[]): { start: number; end: number; bright: boolean }[] {
  const spans = places.flatMap((place) => source.spanOf(place) ?? []).toSorted((a, b) => a.end - a.start - (b.end - b.start));
  const kept: Span[] = [];
  for (const { start, end } of spans) {
    const lineEnd = source.text.indexOf("\n", start);
    const span = { start, end: lineEnd < 0 ? end : Math.min(end, lineEnd) };
    if (!kept.some((other) => span.start < other.end && other.start < span.end)) kept.push(span);
  }
  return kept.toSorted((a, b) => a.start - b.start).map((span) => ({ ...span, bright: false }));
}
