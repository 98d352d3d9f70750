import { type KeyboardEvent, useRef } from "react";
import { insideApi, type Lens, type LensCell, type LensToken, type Subject } from "../api/inside.ts";
import { useFetched } from "../api/use-fetched.ts";
import { formatProbability } from "../format/numbers.ts";
import { Section } from "../parts/section.tsx";
import { useSize } from "../parts/use-canvas.ts";
import type { InsidePlace } from "../state/inside-place.ts";
import { goInside } from "../state/location.ts";
import { isDark, useSettings } from "../state/settings.ts";
import { lensCommand } from "./inside-commands.ts";
import { RankPath } from "./rank-path.tsx";
import { scaleColour, shadeOf } from "./share-colours.ts";
import { ShareLegend } from "./share-legend.tsx";
import { jsonBlob, Told } from "./told.tsx";
import { type ReadTokens, shownBytes, subjectKey } from "./use-inside.ts";
import { useWalk } from "./use-walk.ts";
import { Waiting } from "./waiting.tsx";

/** Positions that are asked for at once; those shown may begin anywhere in a block. */
const block = 32;
const columnWidth = 78;
const most = 14;

/** What the model would say if it stopped after a layer: layers up, positions across, the likeliest token in each cell. */
export function LensView({ subject, tokens, place }: { subject: Subject; tokens: ReadTokens; place: InsidePlace }) {
  const holder = useRef<HTMLDivElement>(null);
  const { width } = useSize(holder);
  const dark = isDark(useSettings());
  const count = tokens.tokens.length;
  // The position that says the token at `at`; at first the one that says the answer's first token.
  const position = Math.max(0, Math.min(count - 1, (place.at ?? Math.min(tokens.prompt, count)) - 1));
  const columns = Math.max(1, Math.min(most, count, Math.floor((width - 44) / columnWidth)));
  const first = Math.max(0, Math.min(count - columns, position - Math.floor(columns / 3)));
  const from = Math.floor(first / block) * block;
  const to = Math.min(count, from + block + most);
  const lens = useFetched(`${subjectKey(subject)} ${from} ${to}`, 0, (_, signal) => insideApi.lens(subject, from, to, signal));
  const found = lens.value;
  const last = found?.rows.at(-1)?.layer ?? 0;
  const layer = Math.min(place.layer ?? last, last);
  const cell = found?.rows.find((row) => row.layer === layer)?.cells[position - from];
  const move = (position: number, layer: number) => goInside({ at: position + 1, layer }, "replace");
  useWalk((by) => move(Math.max(0, Math.min(count - 1, position + by)), layer));
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Record<string, [number, number]> = { ArrowUp: [0, 1], ArrowDown: [0, -1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
    const step = steps[event.key];
    if (!step || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    move(Math.max(0, Math.min(count - 1, position + step[0])), Math.max(-1, Math.min(last, layer + step[1])));
  };
  return (
    <div className="lens" data-testid="lens">
      <div className="lens-head">
        <span>
          after <b>“{tokens.shown[position]}”</b> <small>#{position}</small>
        </span>
        <button type="button" className="quiet" disabled={position === 0} onClick={() => move(position - 1, layer)} aria-label="Position before">
          [
        </button>
        <button
          type="button"
          className="quiet"
          disabled={position === count - 1}
          onClick={() => move(position + 1, layer)}
          aria-label="Next position"
        >
          ]
        </button>
        <span className="push" />
        <ShareLegend what="probability" />
      </div>
      <div ref={holder} className="lens-holder">
        {found && width > 0 ? (
          <table
            className="lens-table"
            style={{ maxWidth: 44 + columns * 150 }}
            // biome-ignore lint/a11y/noNoninteractiveElementToInteractiveRole: a table whose cells are walked with arrow keys
            role="grid"
            aria-label="The likeliest next token after each layer, by position. Arrow keys walk the cells."
            tabIndex={0}
            data-testid="lens-table"
            aria-activedescendant="lens-cell"
            onKeyDown={onKeyDown}
          >
            <thead>
              <tr>
                <th scope="col">said</th>
                {range(first, first + columns).map((at) => (
                  <th key={at} scope="col" data-current={at === position || undefined} title={`what stands after #${at}`}>
                    {at + 1 < count ? tokens.shown[at + 1] : "?"}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {found.rows.toReversed().map((row) => (
                <tr key={row.layer}>
                  <th scope="row">{row.layer === -1 ? "in" : row.layer}</th>
                  {range(first, first + columns).map((at) => (
                    <Cell
                      key={at}
                      cell={row.cells[at - from]}
                      lens={found}
                      dark={dark}
                      isChosen={at === position && row.layer === layer}
                      onChoose={() => move(at, row.layer)}
                    />
                  ))}
                </tr>
              ))}
            </tbody>
            <tfoot>
              <tr>
                <th scope="row">read</th>
                {range(first, first + columns).map((at) => (
                  <th key={at} scope="col" data-current={at === position || undefined} title={`#${at}`}>
                    {tokens.shown[at]}
                  </th>
                ))}
              </tr>
            </tfoot>
          </table>
        ) : (
          <Waiting of={lens} what="Reading every layer's answer, in float32" />
        )}
      </div>
      {found && cell && (
        <div className="lens-below">
          <Section title={`After layer ${layer === -1 ? "none: the embeddings" : layer}`} aside={`position #${position}`}>
            <TopList cell={cell} lens={found} />
          </Section>
          <Section
            title="Rank by layer"
            aside={`“${shownBytes(found.texts.get((cell.followed ?? cell.answer).id))}”, ${cell.followed ? "which stands there" : "the model’s own answer"}`}
          >
            <RankPath
              ranks={found.rows.map((row) => ({ layer: row.layer, ...tokenOf(row.cells[position - from]) }))}
              chosen={layer}
              onChoose={(next) => move(position, next)}
            />
          </Section>
        </div>
      )}
      <Told
        says="The lens reads half-finished thought with the last layer's eyes: early rows may be noise though the model already knows; the top row is the model's own answer."
        about="docs/inspect.md#lens"
        command={lensCommand(subject, tokens, position)}
        save={
          found && {
            name: "lens.json",
            data: () => jsonBlob({ ...found, texts: Object.fromEntries(Array.from(found.texts, ([id, bytes]) => [id, shownBytes(bytes)])) }),
          }
        }
      />
    </div>
  );
}

const tokenOf = (cell: LensCell | undefined): LensToken => cell?.followed ?? cell?.answer ?? { id: -1, rank: 0, logprob: Number.NaN };

function Cell({
  cell,
  lens,
  dark,
  isChosen,
  onChoose,
}: {
  cell: LensCell | undefined;
  lens: Lens;
  dark: boolean;
  isChosen: boolean;
  onChoose: () => void;
}) {
  const top = cell?.top[0];
  if (!cell || !top) return <td />;
  const p = Math.exp(top.logprob);
  const { fill, ink } = shadeOf(scaleColour(p, dark));
  const said = cell.followed ?? cell.answer;
  const shown = shownBytes(lens.texts.get(top.id));
  return (
    <td
      id={isChosen ? "lens-cell" : undefined}
      aria-current={isChosen ? "true" : undefined}
      data-said={top.id === said.id || undefined}
      style={{ background: fill, color: ink }}
      title={`${shown} ${formatProbability(p)}`}
      onClick={onChoose}
    >
      {shown}
      <span className="unseen"> {formatProbability(p)}</span>
    </td>
  );
}

function TopList({ cell, lens }: { cell: LensCell; lens: Lens }) {
  const said = cell.followed ?? cell.answer;
  return (
    <ol className="choices" data-testid="lens-top">
      {cell.top.map(({ id, logprob }) => (
        <li key={id} data-chosen={id === said.id || undefined}>
          <span className="choice-text" title={`id ${id}`}>
            {shownBytes(lens.texts.get(id))}
          </span>
          <span className="choice-bar">
            <i style={{ width: `${Math.exp(logprob) * 100}%` }} />
          </span>
          <span className="number">{formatProbability(Math.exp(logprob))}</span>
          <span className="choice-mark">{id === said.id ? "◂" : ""}</span>
        </li>
      ))}
    </ol>
  );
}

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, i) => from + i);
