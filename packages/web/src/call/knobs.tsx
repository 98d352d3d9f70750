import type { Parameters, TokenStep } from "@cutaway/core";
import { isCutawayError } from "@cutaway/core";
import { afterMask, grammarStage } from "@cutaway/metrics";
import { type ResampledStep, resample } from "@cutaway/sampling";
import { useMemo, useState } from "react";
import { formatProbability } from "../format/numbers.ts";
import { onOneLine, visibleToken } from "../format/visible.ts";

const knobs = [
  { name: "temperature", label: "temperature", most: 2, step: 0.05, off: 1 },
  { name: "topK", label: "top k", most: 50, step: 1, off: 0 },
  { name: "topP", label: "top p", most: 1, step: 0.01, off: 1 },
  { name: "minP", label: "min p", most: 1, step: 0.01, off: 0 },
] as const;

type Turned = { [name in (typeof knobs)[number]["name"]]: number };

/** The sampler of a stored step, to be turned by hand: what other settings would make of the recorded alternatives. Nothing is asked of a model. */
export function Knobs({ step, parameters }: { step: TokenStep; parameters: Parameters }) {
  const recorded = useMemo(() => Object.fromEntries(knobs.map(({ name, off }) => [name, parameters[name] ?? off])) as Turned, [parameters]);
  const [turned, turn] = useState(recorded);
  const masked = useMemo(() => afterMask(step), [step]);
  const allowed = step.stages?.find(({ stage }) => stage === grammarStage)?.kept;
  const made = useMemo(() => resampled(masked, turned, allowed), [masked, turned, allowed]);
  const isTurned = knobs.some(({ name }) => turned[name] !== recorded[name]);
  return (
    <div className="knobs" data-testid="knobs">
      {knobs.map(({ name, label, most, step: by, off }) => (
        <label key={name}>
          <span>{label}</span>
          <input
            type="range"
            min={name === "topP" ? by : 0}
            max={most}
            step={by}
            value={turned[name]}
            onChange={(event) => turn({ ...turned, [name]: Number(event.target.value) })}
          />
          <output>{turned[name] === off ? "off" : turned[name]}</output>
        </label>
      ))}
      {"says" in made ? <p className="fine">{made.says}</p> : <Outcome of={made} step={masked} />}
      {isTurned && (
        <button type="button" className="quiet" onClick={() => turn(recorded)}>
          as recorded
        </button>
      )}
    </div>
  );
}

/** Settings that say nothing are left out: a temperature of 0 takes the likeliest whatever else is set. */
function resampled(step: TokenStep, { temperature, topK, topP, minP }: Turned, allowed: number | undefined): ResampledStep | { says: string } {
  const isGreedy = temperature === 0 || topK === 1;
  const parameters: Parameters = isGreedy ? (temperature === 0 ? { temperature: 0 } : { topK: 1 }) : { temperature, topK, topP, minP };
  try {
    return (
      resample([step], parameters, allowed === undefined ? {} : { vocabSize: allowed }).steps[0] ?? { says: "Nothing is recorded of this step." }
    );
  } catch (error) {
    return { says: isCutawayError(error) ? error.message : String(error) };
  }
}

function Outcome({ of: { alternatives, probability, unknownMass, because, verdict }, step }: { of: ResampledStep; step: TokenStep }) {
  if (alternatives.length === 0) return <p className="fine">The record cannot tell: {because}.</p>;
  const [, best] = alternatives[0]?.probability ?? [0, 1];
  return (
    <>
      <table className="knob-table">
        <tbody>
          {alternatives.slice(0, 8).map(({ index, probability: [least, most] }) => {
            const token = step.top?.[index];
            const isChosen = token?.id === step.id && token !== undefined;
            return (
              <tr key={index} data-chosen={isChosen || undefined}>
                <th scope="row">{token ? onOneLine(visibleToken(token.bytes)).replaceAll(" ", "·") || "∅" : ""}</th>
                <td className="bars">
                  <span className="choice-bar after" aria-hidden="true">
                    <i style={{ width: `${(most / Math.max(best, 1e-9)) * 100}%` }} />
                  </span>
                </td>
                <td className="number">{between(least, most)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className="fine">
        {verdict === "other"
          ? "The recorded token could not be taken."
          : `The recorded token would have a probability of ${between(...probability)}.`}
        {unknownMass > 0.000_05 && ` Tokens that were not recorded could have up to ${formatProbability(unknownMass)} together.`}
      </p>
    </>
  );
}

const between = (least: number, most: number): string =>
  most - least < 0.0005 ? formatProbability(most) : `${formatProbability(least)} to ${formatProbability(most)}`;
