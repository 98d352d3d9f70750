import { formatLogprob, formatProbability } from "../format/numbers.ts";
import { onOneLine } from "../format/visible.ts";
import type { Choice, Choices } from "../strip/choices.ts";

/**
 * Each alternative with its probability as a bar and in figures: as the model gave it, and under that what the sampler left of it.
 * A table, so that whoever cannot see the bars reads the same. The mass of all tokens not listed is a bar of its own, hatched.
 */
export function Distribution({ of: { choices, rest, restSampled, isSampled } }: { of: Choices }) {
  return (
    <>
      {isSampled && (
        <p className="bar-key" aria-hidden="true">
          <span>
            <i />
            before sampling
          </span>
          <span>
            <i className="key-after" />
            after
          </span>
          <span>
            <i className="key-rest" />
            all others
          </span>
        </p>
      )}
      <table className="distribution-table" data-sampled={isSampled || undefined} data-testid="alternatives">
        <thead>
          <tr>
            <th>token</th>
            <td />
            <th className="number">model</th>
            {isSampled && <th className="number">sampler</th>}
          </tr>
        </thead>
        <tbody>
          {choices.map((choice, i) => (
            <tr key={i} data-chosen={choice.chosen || undefined} data-removed={choice.removedBy !== undefined || undefined}>
              <th scope="row" title={choice.id === undefined ? undefined : `id ${choice.id}`}>
                <span className="choice-text">{onOneLine(choice.shown).replaceAll(" ", "·") || "∅"}</span>
                {choice.chosen && (
                  <span className="choice-mark" title="chosen">
                    ◂<span className="unseen"> chosen</span>
                  </span>
                )}
              </th>
              <Bars before={choice.probability} after={choice.sampled} isSampled={isSampled} />
              <td className="number" title={`logprob ${formatLogprob(choice.logprob)}`}>
                {formatProbability(choice.probability)}
              </td>
              {isSampled && <After choice={choice} />}
            </tr>
          ))}
          {(rest > 0.000_05 || (restSampled ?? 0) > 0.000_05) && (
            <tr className="distribution-rest">
              <th scope="row">all others</th>
              <Bars before={rest} after={restSampled} isSampled={isSampled} />
              <td className="number">{formatProbability(rest)}</td>
              {isSampled && <td className="number">{restSampled === undefined ? "unknown" : formatProbability(restSampled)}</td>}
            </tr>
          )}
        </tbody>
      </table>
    </>
  );
}

function Bars({ before, after, isSampled }: { before: number; after: number | undefined; isSampled: boolean }) {
  return (
    <td className="bars">
      <span className="choice-bar before" aria-hidden="true">
        <i style={{ width: `${before * 100}%` }} />
      </span>
      {isSampled && (
        <span className="choice-bar after" aria-hidden="true">
          {after !== undefined && after > 0 && <i style={{ width: `${after * 100}%` }} />}
        </span>
      )}
    </td>
  );
}

/** What the sampler left of a token, or the stage that took it out. */
function After({ choice: { sampled, removedBy } }: { choice: Choice }) {
  if (removedBy !== undefined) {
    return (
      <td className="number removed" title={`taken out by ${removedBy}`}>
        <i aria-hidden="true">✕</i> <span className="unseen">taken out by </span>
        {removedBy}
      </td>
    );
  }
  return <td className="number">{sampled === undefined ? "unknown" : formatProbability(sampled)}</td>;
}
