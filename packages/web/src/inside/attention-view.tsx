import { useMemo } from "react";
import { insideApi, type Subject } from "../api/inside.ts";
import { useFetched } from "../api/use-fetched.ts";
import { formatProbability, plural } from "../format/numbers.ts";
import { Section } from "../parts/section.tsx";
import type { AttentionSide, InsidePlace } from "../state/inside-place.ts";
import { goInside } from "../state/location.ts";
import { HeadGrid } from "./head-grid.tsx";
import { attentionCommand } from "./inside-commands.ts";
import { PatternCanvas } from "./pattern-canvas.tsx";
import { ShareLegend } from "./share-legend.tsx";
import { TokenLines } from "./token-lines.tsx";
import { jsonBlob, Told } from "./told.tsx";
import { type ReadTokens, subjectKey } from "./use-inside.ts";
import { Waiting } from "./waiting.tsx";

const sideNames: Record<AttentionSide, string> = { self: "decoder", cross: "cross", encoder: "encoder" };

/** Which tokens look at which: every head small, one of them large, and one token's look at the others. */
export function AttentionView({ subject, tokens, place }: { subject: Subject; tokens: ReadTokens; place: InsidePlace }) {
  const key = subjectKey(subject);
  const overview = useFetched(key, 0, (_, signal) => insideApi.overview(subject, signal));
  const side = overview.value?.find((one) => one.side === place.head?.side) ?? overview.value?.[0];
  const chosen = side && fittingHead(place.head, side);
  const headKey = side && chosen && `${key} ${side.side}.${chosen.layer}.${chosen.head}`;
  // A head that is no longer wanted is not given up: the next one comes from the same patterns.
  const pattern = useFetched(headKey, 0, () => insideApi.pattern(subject, { side: side?.side ?? "self", layer: 0, head: 0, ...chosen }));
  const names = useMemo(() => {
    const source = tokens.shownSource ?? tokens.shown;
    return { rows: side?.side === "encoder" ? source : tokens.shown, columns: side?.side === "self" ? tokens.shown : source };
  }, [tokens, side?.side]);
  if (!overview.value || !side || !chosen)
    return <Waiting of={overview} what={`Reading ${plural(tokens.shown.length, "token")} through the model, in float32`} />;
  const shown = pattern.value;
  const query = Math.min(place.query ?? side.queries - 1, side.queries - 1);
  const keyAt = place.key === undefined ? undefined : Math.min(place.key, side.keys - 1);
  const cell = place.query === undefined && place.key === undefined ? undefined : { row: query, column: keyAt ?? 0 };
  const share = (row: number, column: number) => shown?.pattern[row * side.keys + column];
  const name = `attention-${side.side}-${chosen.layer}-${chosen.head}`;
  return (
    <div className="attention" data-testid="attention">
      <div className="attention-parts">
        <Section title="Heads" aside={`${side.layers} layers × ${side.heads}`} className="attention-heads">
          {overview.value.length > 1 && (
            <div className="picker small" role="group" aria-label="Attention of">
              {overview.value.map((one) => (
                <button
                  key={one.side}
                  type="button"
                  aria-pressed={one === side}
                  onClick={() => goInside({ head: { side: one.side, layer: 0, head: 0 }, query: undefined, key: undefined })}
                >
                  {sideNames[one.side]}
                </button>
              ))}
            </div>
          )}
          <HeadGrid of={side} chosen={chosen} onChoose={(head) => goInside({ head: { side: side.side, ...head } }, "replace")} />
          <p className="fine">
            <i className="sink-mark" aria-hidden="true" /> share on the first token: the sink, where a head rests that has nothing to look for
          </p>
        </Section>
        <Section title={`Layer ${chosen.layer}, head ${chosen.head}`} aside={<ShareLegend what="attention" isRoot />} className="attention-head">
          {shown ? (
            <PatternCanvas
              pattern={shown}
              rowNames={names.rows}
              columnNames={names.columns}
              cell={cell}
              describe={({ row, column }) =>
                `#${row} “${names.rows[row]}” → #${column} “${names.columns[column]}” · ${formatProbability(share(row, column))}`
              }
              onCell={({ row, column }) => goInside({ query: row, key: column }, "replace")}
            />
          ) : (
            <Waiting of={pattern} what="Reading the head" />
          )}
        </Section>
        <Section title="One token's look" aside="the query and its strongest keys" className="attention-lines">
          {shown && (
            <TokenLines
              row={shown.pattern.subarray(query * side.keys, (query + 1) * side.keys)}
              names={names.columns}
              query={query}
              queryName={names.rows[query] ?? ""}
              chosen={keyAt}
              onKey={(next) => goInside({ query, key: next }, "replace")}
            />
          )}
        </Section>
      </div>
      <Told
        says="Attention shows where a head takes from, not what it takes nor whether the answer hangs on it; a head that looks at the first token often does nothing."
        about="docs/inspect.md#attention"
        command={attentionCommand(subject, tokens, side.side, chosen)}
        save={
          shown && {
            name: `${name}.json`,
            data: () => jsonBlob({ side: side.side, ...chosen, tokens: names, rows: rowsOf(shown.pattern, side.keys) }),
          }
        }
      />
    </div>
  );
}

const fittingHead = (place: InsidePlace["head"], { side, layers, heads }: { side: AttentionSide; layers: number; heads: number }) =>
  place?.side === side && place.layer < layers && place.head < heads ? { layer: place.layer, head: place.head } : { layer: 0, head: 0 };

const rowsOf = (pattern: Float32Array, keys: number): number[][] =>
  Array.from({ length: pattern.length / keys }, (_, row) =>
    Array.from(pattern.subarray(row * keys, (row + 1) * keys), (share) => Number(share.toPrecision(6))),
  );
