import type { Alternative } from "@cutaway/core";
import { type CSSProperties, useMemo, useState } from "react";
import { type Attribution, insideApi, type Subject } from "../api/inside.ts";
import { useFetched } from "../api/use-fetched.ts";
import { formatCount } from "../format/numbers.ts";
import { Section } from "../parts/section.tsx";
import type { InsidePlace } from "../state/inside-place.ts";
import { goInside } from "../state/location.ts";
import { isDark, useSettings } from "../state/settings.ts";
import { TokenCanvas } from "../strip/token-canvas.tsx";
import { formatScore } from "./format-score.ts";
import { attributionCommand } from "./inside-commands.ts";
import { LogitParts } from "./logit-parts.tsx";
import { signedShade, signedShades } from "./share-colours.ts";
import { SignedLegend } from "./share-legend.tsx";
import { jsonBlob, Told } from "./told.tsx";
import { type ReadTokens, shownBytes, subjectKey } from "./use-inside.ts";
import { useWalk } from "./use-walk.ts";
import { Waiting } from "./waiting.tsx";

/** The tokens that might have stood at a place of the text, where they are known. */
export type RivalsOf = (token: number) => readonly Alternative[] | undefined;

/** Why the model said a token: which tokens before it moved its logit, and which parts of the network added to it. */
export function AttributionView({
  subject,
  tokens,
  place,
  rivals,
}: {
  subject: Subject;
  tokens: ReadTokens;
  place: InsidePlace;
  rivals: RivalsOf | undefined;
}) {
  const count = tokens.tokens.length;
  const from = Math.max(1, Math.min(tokens.prompt, count - 1));
  const token = Math.max(1, Math.min(count - 1, place.at ?? from));
  const others = rivals?.(token)?.filter(({ id }) => id !== undefined && id !== tokens.tokens[token]?.id) ?? [];
  const { against } = place;
  const target = { token, ...(against !== undefined && { against }) };
  const key = `${subjectKey(subject)} ${token} ${against}`;
  const found = useFetched(count < 2 ? undefined : key, 0, (_, signal) => insideApi.attribution(subject, target, signal));
  const explain = (at: number) => goInside({ at: Math.max(1, Math.min(count - 1, at)), against: undefined }, "replace");
  useWalk((by) => explain(token + by));
  if (count < 2) return <p className="no-text">One token has nothing before it: nothing can be told of where it came from.</p>;
  const value = found.value;
  return (
    <div className="attribution" data-testid="attribution">
      <div className="lens-head">
        <label>
          explains{" "}
          <select value={token} onChange={(event) => explain(Number(event.target.value))} data-testid="explained">
            {tokens.shown.map((shown, at) =>
              at === 0 ? null : (
                <option key={at} value={at}>
                  #{at} {shown} {at < tokens.prompt ? "(read)" : ""}
                </option>
              ),
            )}
          </select>
        </label>
        <button type="button" className="quiet" disabled={token <= 1} onClick={() => explain(token - 1)} aria-label="Token before">
          [
        </button>
        <button type="button" className="quiet" disabled={token >= count - 1} onClick={() => explain(token + 1)} aria-label="Next token">
          ]
        </button>
        {(others.length > 0 || against !== undefined) && (
          <label>
            rather than{" "}
            <select
              value={against ?? ""}
              onChange={(event) => goInside({ against: event.target.value === "" ? undefined : Number(event.target.value) }, "replace")}
              data-testid="against"
            >
              <option value="">nothing: its logit alone</option>
              {others.map(({ id, bytes }) => (
                <option key={id} value={id}>
                  {shownBytes(bytes)}
                </option>
              ))}
              {against !== undefined && !others.some(({ id }) => id === against) && <option value={against}>id {against}</option>}
            </select>
          </label>
        )}
        <span className="push" />
        {value && <SignedLegend most={formatScore(largest(value.input))} />}
      </div>
      {value ? (
        <Found value={value} tokens={tokens} token={token} />
      ) : (
        <Waiting of={found} what="Following the token back through the network, in float32" />
      )}
      <Told
        says="Gradient × input says how the logit would begin to move with each token; it is a slope, not a share, and parts that cancel out look small. Direct attribution leaves out what a part did through later ones."
        about="docs/inspect.md#attribution"
        command={attributionCommand(subject, tokens, target, others.find(({ id }) => id === against)?.bytes)}
        save={
          value && {
            name: `attribution-${token}.json`,
            data: () => jsonBlob({ ...value, tokens: tokens.shown.slice(0, token), source: tokens.shownSource, explains: tokens.shown[token] }),
          }
        }
      />
    </div>
  );
}

const largest = ({ scores, decoderScores = [] }: Attribution["input"]): number => Math.max(1e-9, ...[...scores, ...decoderScores].map(Math.abs));

function Found({ value, tokens, token }: { value: Attribution; tokens: ReadTokens; token: number }) {
  const most = largest(value.input);
  const before = tokens.shown.slice(0, token);
  return (
    <>
      {tokens.shownSource ? (
        <>
          <ScoreStrip title="The source" names={tokens.shownSource} scores={value.input.scores} most={most} id="source" />
          <ScoreStrip title="Said before" names={before} scores={value.input.decoderScores ?? []} most={most} id="input" />
        </>
      ) : (
        <ScoreStrip title="Which tokens moved it" names={before} scores={value.input.scores} most={most} id="input" />
      )}
      <Section
        title="What the parts added"
        aside={`logit ${formatScore(value.logit.target)} of “${tokens.shown[token]}”${value.against === undefined ? "" : " over the other’s"}`}
      >
        <LogitParts of={value.logit} />
      </Section>
    </>
  );
}

/** Tokens in the colours of their scores, and the strongest of them as a table. */
function ScoreStrip({
  title,
  names,
  scores,
  most,
  id,
}: {
  title: string;
  names: readonly string[];
  scores: readonly number[];
  most: number;
  id: string;
}) {
  const dark = isDark(useSettings());
  const [selected, setSelected] = useState<number>();
  const drawn = useMemo(() => {
    const shown = names.map((name) => name.replaceAll("·", " "));
    const shade = Uint8Array.from(names, (_, i) => signedShade((scores[i] ?? 0) / most));
    return { shown, shade, shades: signedShades(dark), low: new Uint8Array(names.length), lit: new Uint8Array(names.length) };
  }, [names, scores, most, dark]);
  const strongest = useMemo(() => [...scores.keys()].sort((a, b) => Math.abs(scores[b] ?? 0) - Math.abs(scores[a] ?? 0)).slice(0, 12), [scores]);
  return (
    <Section title={title} aside={`${formatCount(names.length)} tokens, gradient × input`}>
      <div className="score-strip" style={{ "--strip-height": `${Math.min(330, 90 + names.length * 3)}px` } as CSSProperties}>
        <TokenCanvas
          tokens={drawn}
          name={`attribution-${id}`}
          label="Tokens coloured by what they did to the logit"
          describe={(i) => `#${i} · “${names[i]}” · ${formatScore(scores[i])}`}
          selected={selected}
          isFollowed={false}
          onSelect={setSelected}
        />
        <table className="scores" data-testid={`scores-${id}`}>
          <caption className="unseen">The tokens with the largest scores</caption>
          <tbody>
            {strongest.map((i) => (
              <tr key={i} data-selected={i === selected || undefined} onClick={() => setSelected(i)}>
                <td className="number">#{i}</td>
                <th scope="row">{names[i]}</th>
                <td className="signed">
                  <SignedBar size={(scores[i] ?? 0) / most} />
                </td>
                <td className="number">{formatScore(scores[i])}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

/** From the middle: to the left against the token, to the right for it. size  −1 to 1 */
export const SignedBar = ({ size }: { size: number }) => (
  <span className="signed-bar" aria-hidden="true">
    <i
      className={size < 0 ? "against" : "for"}
      style={size < 0 ? { right: "50%", width: `${-size * 50}%` } : { left: "50%", width: `${size * 50}%` }}
    />
  </span>
);
