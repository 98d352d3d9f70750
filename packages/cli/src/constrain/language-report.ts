import type { JsonValue } from "@cutaway/core";
import { type AskedLanguage, type KeywordCount, keywordCounts, type Language } from "@cutaway/grammar";
import { languageNames, placeName } from "../render/held.ts";
import { blank, dim, good, type Line, line, piece } from "../terminal/line.ts";
import { count, counted } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";

/** What became of a schema, pattern or grammar when it was compiled. */
export interface LanguageReport {
  kind: Language["kind"];
  exact: boolean;
  checkedAfter: Language["checkedAfter"];
  notices: string[];
  /** Of a schema. */
  keywords?: KeywordCount[];
  compileMs: number;
}

export function languageReport({ source }: AskedLanguage, { kind, checkedAfter, notices, compileMs }: Language): LanguageReport {
  return {
    kind,
    exact: checkedAfter.length === 0,
    checkedAfter,
    notices,
    ...(source.kind === "json-schema" && { keywords: keywordCounts(source.schema as JsonValue, checkedAfter) }),
    compileMs: Math.round(compileMs * 100) / 100,
  };
}

export function renderLanguage({ kind, exact, checkedAfter, notices, keywords = [] }: LanguageReport, width: number): Line[] {
  const name = languageNames[kind];
  const held = keywords.filter(({ isAnnotation }) => !isAnnotation);
  const others = keywords.filter(({ isAnnotation }) => isAnnotation);
  return [
    line(
      exact ? good("✓") : piece("!", "warning"),
      ` ${name.charAt(0).toUpperCase()}${name.slice(1)}: `,
      exact ? "the mask holds all of it" : `the mask leaves ${counted(checkedAfter.length, "place")} to be checked when the answer is there`,
    ),
    ...(held.length === 0
      ? []
      : [
          blank,
          ...table(
            [
              { header: "keyword" },
              { header: "times", align: "right" },
              { header: "by the mask", align: "right" },
              { header: "checked after", align: "right" },
            ],
            held.map(({ keyword, times, checkedAfter: after }) => [
              keyword,
              count(times),
              count(times - after),
              after === 0 ? "" : piece(count(after), "warning"),
            ]),
            width,
          ),
        ]),
    ...(others.length === 0 ? [] : wrap(line(dim(`say nothing about an answer: ${others.map(({ keyword }) => keyword).join(", ")}`)), width, 2)),
    ...(checkedAfter.length === 0
      ? []
      : [blank, ...checkedAfter.flatMap((place) => wrap(line(piece(placeName(place) ?? "", "warning"), `  ${place.says}`), width, 4))]),
    ...notices.flatMap((notice) => wrap(line(dim(notice)), width, 2)),
  ];
}
