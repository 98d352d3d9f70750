import type { Alternative, LanguagePlace, TokenStep } from "@cutaway/core";
import { grammarStage } from "@cutaway/metrics";
import { formatProbability } from "../format/numbers.ts";
import { onOneLine, visibleLine, visibleToken } from "../format/visible.ts";

/** The tokens that the mask took out of one step, the most probable first, each with why it cannot stand there. */
export function MaskedTokens({ step }: { step: TokenStep }) {
  const masked = maskedOf(step);
  if (masked.length === 0) return <p className="fine">None of the recorded alternatives was masked here.</p>;
  return (
    <table className="masked-tokens" data-testid="masked-tokens">
      <thead>
        <tr>
          <th>masked</th>
          <th className="number">model</th>
          <th>could stand there instead</th>
        </tr>
      </thead>
      <tbody>
        {masked.map((alternative, i) => (
          <tr key={i}>
            <th scope="row">
              <Cut of={alternative} />
            </th>
            <td className="number">{formatProbability(Math.exp(alternative.logprob))}</td>
            <td>{isAsBefore(masked[i - 1], alternative) ? <span title="as above">″</span> : <Reason of={alternative} />}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** Most tokens are masked for one and the same reason: it is told once. */
const isAsBefore = (before: Alternative | undefined, { because }: Alternative): boolean =>
  before?.because !== undefined &&
  because !== undefined &&
  before.because.expected === because.expected &&
  placeNames(before.because.places).join() === placeNames(because.places).join();

function Reason({ of: { because } }: { of: Alternative }) {
  return (
    <>
      {because ? visibleLine(because.expected) : "unknown"}
      {placeNames(because?.places).map((name) => (
        <code key={name}>{name}</code>
      ))}
    </>
  );
}

/** The token with its first byte that cannot stand there marked. */
function Cut({ of: { bytes, because } }: { of: Alternative }) {
  const at = Math.min(because?.at ?? bytes.length, bytes.length);
  const shown = (part: Uint8Array) => onOneLine(visibleToken(part)).replaceAll(" ", "·");
  return (
    <span className="choice-text">
      {at > 0 && shown(bytes.subarray(0, at))}
      {at < bytes.length && <mark title={`byte ${at} cannot stand here`}>{shown(bytes.subarray(at))}</mark>}
    </span>
  );
}

export const maskedOf = ({ top = [] }: TokenStep): Alternative[] =>
  top.filter(({ removedBy }) => removedBy === grammarStage).toSorted((a, b) => b.logprob - a.logprob);

/** What asks for something at a step: the places of all that was masked there, each once, the nearest first. */
export function placesOf(step: TokenStep | undefined): LanguagePlace[] {
  const found = new Map<string, LanguagePlace>();
  for (const { because } of step ? maskedOf(step) : [])
    for (const place of because?.places ?? []) found.set(`${place.pointer} ${place.keyword} ${place.line} ${place.rule}`, place);
  return [...found.values()];
}

export const placeNames = (places: readonly LanguagePlace[] = []): string[] => [
  ...new Set(places.flatMap(({ pointer, keyword, rule, line }) => nameOf(pointer, keyword, rule, line) ?? [])),
];

function nameOf(pointer?: string, keyword?: string, rule?: string, line?: number): string | undefined {
  if (pointer !== undefined) return `${pointer || "/"}${keyword === undefined ? "" : ` ${keyword}`}`;
  if (rule !== undefined) return line === undefined ? rule : `${rule}, line ${line}`;
  return line === undefined ? undefined : `line ${line}`;
}
