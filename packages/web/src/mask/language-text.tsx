import type { LanguagePlace, Request, Span } from "@cutaway/core";
import { useMemo } from "react";
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

/** The text with the places lit that speak at the step that is looked at. */
export function LanguageText({ source, places }: { source: LanguageSourceText; places: readonly LanguagePlace[] }) {
  const lit = useMemo(() => litOf(source, places), [source, places]);
  return <LitText text={source.text} lit={lit} className="language-text" />;
}

/** Inner places over outer ones: the last label is the nearest. Spans that overlap are cut to the innermost. */
function litOf(source: LanguageSourceText, places: readonly LanguagePlace[]): { start: number; end: number; bright: boolean }[] {
  const spans = places.flatMap((place) => source.spanOf(place) ?? []).toSorted((a, b) => a.end - a.start - (b.end - b.start));
  const kept: Span[] = [];
  for (const span of spans) if (!kept.some(({ start, end }) => span.start < end && start < span.end)) kept.push(span);
  return kept.toSorted((a, b) => a.start - b.start).map((span, i) => ({ ...span, bright: i === 0 }));
}
