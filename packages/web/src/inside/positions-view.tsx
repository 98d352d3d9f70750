import type { ReactNode } from "react";
import { insideApi, type PositionBuckets, type Positions, type Subject } from "../api/inside.ts";
import { useFetched } from "../api/use-fetched.ts";
import { formatCount, plural } from "../format/numbers.ts";
import { positionsCommand } from "../format/shell.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { Section } from "../parts/section.tsx";
import { isDark, useSettings } from "../state/settings.ts";
import { layerRanges } from "./layer-ranges.ts";
import { shadeOf, signedColour } from "./share-colours.ts";
import { Waiting } from "./waiting.tsx";

/** How the model tells where a token stands, from its weights and configuration. `trained`: positions it was trained for. */
export function PositionsView({ subject, name, trained }: { subject: Subject | { model: string }; name: string; trained: number }) {
  const found = useFetched(JSON.stringify(subject), 0, (_, signal) => insideApi.positions(subject, signal));
  const positions = found.value;
  return (
    <Section title="Positions" aside={positions?.scheme.kind} className="positions">
      {positions ? (
        <div data-testid="positions">
          <Scheme of={positions.scheme} trained={trained} />
          <Sight of={positions} />
          <CopyLine text={positionsCommand(name)} what="the command" />
        </div>
      ) : (
        <Waiting of={found} what="Reading the positions" />
      )}
    </Section>
  );
}

function Scheme({ of, trained }: { of: Positions["scheme"]; trained: number }): ReactNode {
  switch (of.kind) {
    case "rotary":
      return of.turns.map((turns) => <Turns key={turns.layers.join()} of={turns} trained={trained} isOnly={of.turns.length === 1} />);
    case "learned":
      return <Likeness of={of} />;
    case "buckets":
      return (["encoder", "decoder"] as const).map((side) => <Biases key={side} of={of[side]} side={side} />);
  }
}

/** A bar a pair of numbers, as tall as the tokens of a full turn are many (logarithmic); the line is what the model was trained for. */
function Turns({
  of: { layers, pairs },
  trained,
  isOnly,
}: {
  of: { layers: number[]; pairs: { pair: number; period: number }[] };
  trained: number;
  isOnly: boolean;
}) {
  const most = Math.log10(Math.max(trained, ...pairs.map(({ period }) => period)));
  const share = (period: number) => `${(100 * Math.log10(Math.max(1, period))) / most}%`;
  const slow = pairs.filter(({ period }) => period > trained).length;
  const [first, last] = [pairs[0]?.period ?? 1, pairs.at(-1)?.period ?? 1];
  const says = `${plural(pairs.length, "pair")} of numbers are turned as the position grows: the fastest once in ${formatCount(Math.round(first))} tokens, the slowest once in ${formatCount(Math.round(last))}.`;
  return (
    <figure className="turns">
      <figcaption className="fine">
        {!isOnly && <b>{layerRanges(layers)}: </b>}
        {says}{" "}
        {slow > 0 &&
          `${slow === 1 ? "One of them makes" : `${slow} of them make`} no full turn in the ${formatCount(trained)} positions it was trained for.`}
      </figcaption>
      <div className="turn-bars" role="img" aria-label={says}>
        {pairs.map(({ pair, period }) => (
          <i
            key={pair}
            style={{ height: share(period) }}
            title={`pair ${pair}: a turn in ${formatCount(Math.round(period))} tokens`}
            data-slow={period > trained || undefined}
          />
        ))}
        <hr style={{ bottom: share(trained) }} title={`${formatCount(trained)} positions`} />
      </div>
    </figure>
  );
}

/** Cosine of the rows of two positions, by their distance. */
function Likeness({ of: { positions, similarity } }: { of: { positions: number; similarity: { distance: number; cosine: number }[] } }) {
  return (
    <>
      <p className="fine">
        Each of {formatCount(positions)} positions has a row of its own, which is added to the token’s. How alike rows are that stand so far apart:
      </p>
      <table className="memory-table">
        <thead className="unseen">
          <tr>
            <th>tokens apart</th>
            <th />
            <th>cosine</th>
          </tr>
        </thead>
        <tbody>
          {similarity.map(({ distance, cosine }) => (
            <tr key={distance}>
              <th scope="row">{formatCount(distance)} apart</th>
              <td className="memory-bar">
                <i style={{ width: `${100 * Math.max(0, cosine)}%` }} />
              </td>
              <td className="number">{cosine.toFixed(3).replace("-", "−")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Ranges of distance down, heads across: what each adds to the scores. */
function Biases({ of: { buckets }, side }: { of: PositionBuckets; side: "encoder" | "decoder" }) {
  const dark = isDark(useSettings());
  const most = Math.max(...buckets.flatMap(({ bias }) => bias.map(Math.abs)), Number.MIN_VALUE);
  return (
    <figure className="biases">
      <figcaption className="fine">
        <b>{side}: </b>each range of distances adds a number to a head’s scores; − is before the token. Heads across, up to ±{most.toFixed(2)}.
      </figcaption>
      <div className="bias-table">
        <table>
          <tbody>
            {buckets.map(({ bucket, from, to, bias }) => (
              <tr key={bucket}>
                <th scope="row">{rangeText(from, to)}</th>
                {bias.map((value, head) => {
                  const { fill, ink } = shadeOf(signedColour(value / most, dark));
                  return (
                    <td key={head} style={{ background: fill, color: ink }} title={`head ${head}, ${rangeText(from, to)}: ${value.toFixed(3)}`}>
                      {value.toFixed(1).replace(/^-(0\.0)?/, (_, nothing) => nothing ?? "−")}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </figure>
  );
}

const signed = (distance: number): string => (distance < 0 ? `−${formatCount(-distance)}` : formatCount(distance));

function rangeText(from: number | undefined, to: number | undefined): string {
  if (from === undefined) return `up to ${signed(to ?? 0)}`;
  if (to === undefined) return `from ${signed(from)}`;
  return from === to ? signed(from) : `${signed(from)} to ${signed(to)}`;
}

/** How far back the layers see. */
function Sight({ of: { kind, windows } }: { of: Positions }) {
  if (kind === "encoder") return <p className="fine">Every token sees all others, before and after it.</p>;
  const groups = [...Map.groupBy(windows, ({ window }) => window)];
  return (
    <ul className="fine sight">
      {kind === "encoder-decoder" && <li>Encoder: every token sees all others, before and after it.</li>}
      {groups.map(([window, layers]) => (
        <li key={window ?? "all"}>
          {kind === "encoder-decoder" && "Decoder: "}
          {window === undefined ? "All tokens before are seen" : `The last ${formatCount(window)} tokens are seen, its own included`}
          {groups.length > 1 && ` in ${layerRanges(layers.map(({ layer }) => layer))}`}.
        </li>
      ))}
    </ul>
  );
}
