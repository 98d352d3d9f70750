import { formatCount, formatLogprob, formatMs, formatProbability } from "../format/numbers.ts";
import { hex, onOneLine } from "../format/visible.ts";
import { Facts, Section } from "../parts/section.tsx";
import { go } from "../state/location.ts";
import { bytesOf, type Choice, choicesOf, rankOf, type StripTokens } from "../strip/tokens.ts";

/** All that is known of one token, and what could have stood in its place. */
export function TokenInspector({ tokens, token: i, onClose }: { tokens: StripTokens; token: number; onClose: () => void }) {
  const token = tokens.strip.tokens[i];
  const step = tokens.steps?.[i];
  const bytes = bytesOf(tokens, i);
  const p = tokens.probability[i] as number;
  const rank = rankOf(tokens, i);
  const id = token?.id ?? step?.id;
  const at = token?.at ?? step?.at;
  const last = tokens.shown.length - 1;
  const known = !Number.isNaN(p);
  const choices = choicesOf(tokens, i);
  return (
    <>
      <header className="inspector-head">
        <h2>
          token {formatCount(i)} <small>of {formatCount(tokens.shown.length)}</small>
        </h2>
        <button type="button" className="quiet" disabled={i === 0} onClick={() => go({ token: i - 1 }, "replace")} aria-label="Previous token">
          [
        </button>
        <button type="button" className="quiet" disabled={i === last} onClick={() => go({ token: i + 1 }, "replace")} aria-label="Next token">
          ]
        </button>
        <button type="button" className="quiet" onClick={onClose} aria-label="Close the token">
          esc
        </button>
      </header>
      <div className="token-face" data-testid="token-face">
        {onOneLine(tokens.shown[i] as string).replaceAll(" ", "·")}
      </div>
      <Facts
        of={[
          ["probability", known ? formatProbability(p) : null],
          ["logprob, natural", known ? formatLogprob(token?.logprob ?? step?.logprob) : undefined],
          ["after sampling", step?.sampledLogprob === undefined ? undefined : formatProbability(Math.exp(step.sampledLogprob))],
          [
            "rank",
            known ? (rank === undefined ? "outside the alternatives sent" : `${rank + 1}${rank === 0 ? ", the most probable" : ""}`) : undefined,
          ],
          ["entropy", step?.entropy === undefined ? undefined : `${step.entropy.toFixed(3)} nats`],
          ["id", id === undefined ? null : id],
          ["bytes", `${hex(bytes)} (${bytes.length})`],
          ["characters", token ? `${token.span.start}–${token.span.end}` : undefined],
          ["arrived", at === undefined ? null : `${formatMs(at)} after the request`],
          ["forced", step?.forced],
        ]}
      />
      <Section title="Alternatives" aside={choices ? `${choices.choices.length} sent` : undefined}>
        {choices ? (
          <Choices choices={choices.choices} rest={step?.tailMass ?? choices.rest} />
        ) : (
          <p className="fine">Unknown: the provider sent none for this token. Ask for them with top_logprobs, where the API has it.</p>
        )}
      </Section>
    </>
  );
}

/** Probability of each alternative as a bar with its figure; the mass that was not sent is hatched. */
function Choices({ choices, rest }: { choices: readonly Choice[]; rest: number }) {
  return (
    <ol className="choices">
      {choices.map((choice, i) => (
        <li key={i} data-chosen={choice.chosen || undefined}>
          <span className="choice-text">{onOneLine(choice.shown).replaceAll(" ", "·") || "∅"}</span>
          <span className="choice-bar">
            <i style={{ width: `${choice.probability * 100}%` }} />
          </span>
          <span className="number" title={`logprob ${formatLogprob(choice.logprob)}`}>
            {formatProbability(choice.probability)}
          </span>
          <span className="choice-mark" title={choice.chosen ? "chosen" : undefined}>
            {choice.chosen && (
              <>
                ◂<span className="unseen">chosen</span>
              </>
            )}
          </span>
        </li>
      ))}
      {rest > 0.000_05 && (
        <li className="choice-rest">
          <span className="choice-text">all others</span>
          <span className="choice-bar">
            <i style={{ width: `${rest * 100}%` }} />
          </span>
          <span className="number">{formatProbability(rest)}</span>
          <span className="choice-mark" />
        </li>
      )}
    </ol>
  );
}
