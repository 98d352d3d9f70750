import { useDeferredValue, useMemo, useState } from "react";
import { type CountDiff, type CountRegion, explainedApi } from "../api/explained-tokens.ts";
import type { InputPrice, ListedTokenizer } from "../api/tokenizers.ts";
import { useFetched } from "../api/use-fetched.ts";
import { formatCount, formatUsd, plural } from "../format/numbers.ts";
import { onOneLine, visible } from "../format/visible.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { Problem } from "../parts/problem.tsx";
import type { BenchPlace } from "../state/bench-place.ts";
import { shortName, textsDiffCommand, tokenizerWord } from "./bench-commands.ts";
import { BenchOptions } from "./bench-options.tsx";
import { useBenchTexts } from "./bench-texts.ts";
import { TextBox } from "./text-box.tsx";
import { TokenStripOf } from "./token-strip-of.tsx";
import { useEncoded } from "./use-encoded.ts";

/** Two texts under one tokenizer: what the change did to the tokens, and why the count is another. */
export function TextsTask({ place, listed, price }: { place: BenchPlace; listed: readonly ListedTokenizer[]; price: InputPrice | undefined }) {
  const { text, other } = useBenchTexts();
  const [tokenizer = ""] = place.tokenizers;
  const names = useMemo(() => (tokenizer === "" ? [] : [tokenizer]), [tokenizer]);
  const [before] = useDeferredValue(useEncoded(names, text, place.special, place.add));
  const [after] = useDeferredValue(useEncoded(names, other, place.special, place.add));
  const request = { tokenizer, text, other, special: place.special, add: place.add };
  const key = text === "" || other === "" || tokenizer === "" ? undefined : JSON.stringify(request);
  const diff = useFetched(key, 0, (_, signal) => explainedApi.diff(request, signal));
  const [lit, setLit] = useState<number>();
  const sides = useMemo(() => (diff.value ? litSides(diff.value, lit) : undefined), [diff.value, lit]);
  const shown = [
    { name: "text" as const, label: "Before", encoding: before, lights: sides?.a },
    { name: "other" as const, label: "After", encoding: after, lights: sides?.b },
  ];
  const error = before?.error ?? after?.error ?? (diff.state === "failed" ? diff.error : undefined);
  return (
    <div className="bench-texts" data-testid="bench-diff">
      <BenchOptions place={place} listed={listed} one />
      {error && <Problem error={error} />}
      <div className="texts-pair">
        {shown.map(({ name, label, encoding, lights }) => (
          <section key={name} className="texts-side" aria-label={label}>
            <TextBox name={name} label={label} placeholder={label === "Before" ? "The text as it was" : "The text as it is now"} rows={5} />
            {encoding?.encoded && encoding.encoded.text !== "" && (
              <TokenStripOf
                encoded={encoding.encoded}
                name={name === "text" ? "bench-before" : "bench-after"}
                show={place.show}
                lit={lights?.lit}
                selected={lights?.bright}
                onSelect={(token) => setLit(regionOf(diff.value, name === "text" ? "a" : "b", token))}
              />
            )}
          </section>
        ))}
      </div>
      {diff.value && key !== undefined && <Explained diff={diff.value} texts={{ text, other }} price={price} lit={lit} onLight={setLit} />}
      {key !== undefined && (
        <CopyLine text={textsDiffCommand(tokenizerWord(tokenizer, listed), text, other)} what="the command that prints this comparison" />
      )}
      {key === undefined && (
        <p className="fine texts-hint">
          Two texts under {shortName(tokenizer) || "a tokenizer"}: a prompt before and after an edit, or two spellings of the same.
        </p>
      )}
    </div>
  );
}

function litSides({ regions }: CountDiff, bright: number | undefined) {
  const side = (of: "a" | "b") => {
    const most = Math.max(0, ...regions.map((region) => region[of].end));
    const lit = new Uint8Array(most + 1);
    regions.forEach((region, i) => {
      lit.fill(i === bright ? 2 : 1, region[of].start, region[of].end);
    });
    const chosen = bright === undefined ? undefined : regions[bright]?.[of];
    return { lit, bright: chosen && Math.min(chosen.start, Math.max(0, chosen.end - 1)) };
  };
  return { a: side("a"), b: side("b") };
}

const regionOf = (diff: CountDiff | undefined, side: "a" | "b", token: number): number | undefined => {
  const at = diff?.regions.findIndex((region) => region[side].start <= token && token < region[side].end) ?? -1;
  return at === -1 ? undefined : at;
};

const causes: Record<CountRegion["cause"], string> = {
  added: "added",
  removed: "removed",
  replaced: "replaced",
  merged: "same text, fewer tokens",
  split: "same text, more tokens",
  regrouped: "cut otherwise",
};

/** Its neighbours were cut otherwise for it: what the edit counts by itself says something. */
const isTakenIn = ({ cause, alone, change }: CountRegion): boolean => (cause === "merged" || cause === "split") && alone !== change;

const mostRows = 200;

function Explained({
  diff,
  texts,
  price,
  lit,
  onLight,
}: {
  diff: CountDiff;
  texts: { text: string; other: string };
  price: InputPrice | undefined;
  lit: number | undefined;
  onLight: (region: number | undefined) => void;
}) {
  const change = diff.after - diff.before;
  return (
    <section className="explained" aria-label="Why the count changed">
      <p className="column-figures" data-testid="diff-figures">
        <span className="column-count">
          <b>{formatCount(diff.before)}</b> → <b>{formatCount(diff.after)}</b> tokens
        </span>
        <span>{change === 0 ? "the count is the same" : `${signed(change)} ${Math.abs(change) === 1 ? "token" : "tokens"}`}</span>
        <span>{formatCount(diff.same)} unchanged</span>
        <span className={diff.places > 0 ? "column-places" : ""}>
          {plural(diff.places, "place")} differ{diff.places === 1 ? "s" : ""}
        </span>
        {price && change !== 0 && <span>{signedUsd((change * price.input) / 1e6)} a request</span>}
        {!diff.minimal && <span>not proven to be the shortest difference</span>}
      </p>
      {diff.regions.length > 0 && (
        <table className="regions">
          <thead>
            <tr>
              <th scope="col">before</th>
              <th scope="col">after</th>
              <th scope="col" className="number">
                tokens
              </th>
              <th scope="col">why</th>
            </tr>
          </thead>
          <tbody>
            {diff.regions.slice(0, mostRows).map((region, i) => (
              <tr key={i} data-lit={i === lit || undefined}>
                <td>
                  <button type="button" className="region" aria-pressed={i === lit} onClick={() => onLight(i === lit ? undefined : i)}>
                    <code>{piece(texts.text, region.textA)}</code>
                  </button>
                </td>
                <td>
                  <code>{piece(texts.other, region.textB)}</code>
                </td>
                <td className="number">
                  {region.a.end - region.a.start} → {region.b.end - region.b.start}
                </td>
                <td>
                  {causes[region.cause]}
                  {isTakenIn(region) && <small className="dim"> · by itself the edit counts {signed(region.alone)}</small>}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {diff.places > mostRows && <p className="fine">and {formatCount(diff.places - mostRows)} more places; the command prints all.</p>}
    </section>
  );
}

function piece(text: string, { start, end }: { start: number; end: number }): string {
  if (start === end) return "∅";
  const shown = onOneLine(visible(text.slice(start, Math.min(end, start + 60)))).replaceAll(" ", "·");
  return end - start > 60 ? `${shown}…` : shown;
}

const signed = (n: number): string => `${n < 0 ? "−" : "+"}${formatCount(Math.abs(n))}`;
const signedUsd = (usd: number): string => `${usd < 0 ? "−" : "+"}${formatUsd(Math.abs(usd))}`;
