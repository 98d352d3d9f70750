import type { Parameters } from "@cutaway/core";
import { nameOf, type ProviderParameter, type ProviderSemantics, providerSemantics, ranges, type SamplerParameter } from "@cutaway/sampling";
import { dim, good, type Line, line, piece, strong } from "../terminal/line.ts";
import { wrap } from "../terminal/wrap.ts";

/** What becomes of one setting at a provider. */
export interface ReadSetting {
  parameter: string;
  value: unknown;
  /** The field that it is sent as; null where the API has none. */
  field: string | null;
  verdict: "taken" | "out of range" | "not taken";
  says?: string;
}

export const samplingTargets = Object.keys(providerSemantics);

/** How a provider reads these settings. @param target one of `samplingTargets` */
export function readByProvider(target: string, parameters: Parameters): { semantics: ProviderSemantics; settings: ReadSetting[] } {
  const semantics = providerSemantics[target] as ProviderSemantics;
  const settings = Object.entries(parameters).flatMap(([parameter, value]): ReadSetting[] =>
    value === undefined ? [] : [readSetting(parameter, value, semantics.parameters)],
  );
  return { semantics, settings };
}

function readSetting(parameter: string, value: unknown, known: readonly ProviderParameter[]): ReadSetting {
  const name = parameter in ranges || parameter === "logitBias" ? nameOf(parameter as SamplerParameter) : parameter;
  const field = known.find((one) => one.parameter === parameter);
  if (!field) return { parameter: name, value, field: null, verdict: "not taken" };
  const { low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY } = field;
  const numbers = typeof value === "number" ? [value] : Object.values(value as Record<string, number>);
  const verdict = numbers.every((one) => one >= low && one <= high) ? "taken" : "out of range";
  return { parameter: name, value, field: field.name, verdict, ...(field.says !== undefined && { says: field.says }) };
}

export function renderByProvider({ semantics, settings }: ReturnType<typeof readByProvider>, width: number): Line[] {
  const marks = { taken: good("✓"), "out of range": piece("✗", "problem"), "not taken": piece("✗", "problem") };
  const as = ({ field, verdict, says }: ReadSetting) =>
    verdict === "not taken"
      ? "the API has no such field"
      : `${verdict === "taken" ? `sent as ${field}` : `${field}: out of its range`}${says === undefined ? "" : `: ${says}`}`;
  return [
    line(strong(semantics.provider)),
    ...wrap(line(dim(`  ${semantics.source}`)), width, 4),
    ...settings.flatMap((one) => wrap(line(marks[one.verdict], ` ${one.parameter} ${JSON.stringify(one.value)}  ${as(one)}`), width, 4)),
    ...semantics.parameters.flatMap(({ name, low, high, default: usual, says }) =>
      wrap(
        line(
          "  ",
          strong(name),
          `${rangeOf(low, high)}${usual === undefined ? "" : `, ${usual} where it is not given`}${says === undefined ? "" : `; ${says}`}`,
        ),
        width,
        4,
      ),
    ),
    ...semantics.notes.flatMap((note) => wrap(line(dim(`  ${note}`)), width, 4)),
  ];
}

function rangeOf(low: number | undefined, high: number | undefined): string {
  if (low === undefined && high === undefined) return "";
  if (high === undefined) return `  from ${low}`;
  return low === undefined ? `  up to ${high}` : `  ${low} to ${high}`;
}
