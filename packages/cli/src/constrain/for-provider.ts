import type { JsonObject, JsonValue } from "@cutaway/core";
import type { AskedLanguage } from "@cutaway/grammar";
import { type StructuredOutput, type StructuredOutputTarget, structuredOutput, structuredText } from "@cutaway/provider";
import { blank, dim, good, type Line, line, piece } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";
import { wrap } from "../terminal/wrap.ts";

/** How one provider is asked for a language, and what becomes of it there. */
export interface ProviderReport extends StructuredOutput {
  target: StructuredOutputTarget;
}

/** @throws `parameter-not-supported` where the provider has no option for such a language */
export function forProvider(target: StructuredOutputTarget, { source }: AskedLanguage): ProviderReport {
  if (source.kind === "json-schema") return { target, ...structuredOutput(target, source.schema as JsonValue) };
  if (source.kind === "json") return { target, ...structuredOutput(target, { type: "object" }) };
  return { target, body: structuredText(target, source), findings: [], accepted: true };
}

const verdicts = {
  refused: piece("refused", "problem"),
  "not-held": piece("not held", "warning"),
  narrower: piece("narrower", "note"),
  depends: piece("depends", "warning"),
};

export function renderForProvider({ target, body, findings, accepted }: ProviderReport, width: number): Line[] {
  const refused = findings.filter(({ kind }) => kind === "refused").length;
  return [
    accepted
      ? line(
          good("✓"),
          ` ${target} takes it`,
          findings.length === 0 ? ", and holds answers to all of it, by what its documents say" : `, ${otherwise(findings.length)}`,
        )
      : line(piece("✗", "problem"), ` ${target} refuses it for ${counted(refused, "reason")}`),
    ...findings.flatMap(({ kind, pointer, keyword, says }) =>
      wrap(line("  ", verdicts[kind], `  ${pointer || "the schema"} `, piece(keyword, "strong"), `  ${says}`), width, 4),
    ),
    blank,
    line(dim("fields of the request's body")),
    ...JSON.stringify(body satisfies JsonObject, null, 2)
      .split("\n")
      .map((text) => line(text)),
  ];
}

const otherwise = (places: number): string => `otherwise than it says in ${counted(places, "place")}`;
