import type { TokenSearch, TracePiece, TraceSymbol } from "@cutaway/core";
import { useState } from "react";
import { formatCount, plural } from "../format/numbers.ts";
import { onOneLine, visible, visibleToken } from "../format/visible.ts";
import { Section } from "../parts/section.tsx";
import { Lattice } from "./lattice.tsx";
import { mergeSteps } from "./merge-steps.ts";

/** How the tokens of a piece were found, step by step. */
export function PieceSearch({ piece, id, start }: { piece: TracePiece; id: number; start: number }) {
  return (
    <>
      <Section title={titles[piece.found.by]} aside={asideOf(piece.found)}>
        <Search piece={piece} />
      </Section>
      <Section title="Tokens of the piece">
        <ol className="piece-tokens">
          {piece.tokens.slice(0, mostShown).map((token, i) => (
            <li key={i} aria-current={(token.id === id && token.span.start === start) || undefined}>
              <code>{spaced(visibleToken(token.bytes))}</code>
              <small>{token.id}</small>
            </li>
          ))}
        </ol>
      </Section>
    </>
  );
}

const titles: Record<TokenSearch["by"], string> = {
  "whole-piece": "Whole piece",
  merges: "Merges",
  lattice: "Best path",
  "longest-match": "Longest matches",
  table: "Table",
};

const mostShown = 200;

function asideOf(found: TokenSearch): string | undefined {
  if (found.by === "merges") return `${plural(found.merges.length, "merge")} of ${plural(found.symbols.length, "symbol")}, lowest rank first`;
  if (found.by === "lattice") return `${plural(found.nodes.length, "candidate")}, score ${found.score.toFixed(2)}`;
  return undefined;
}

function Search({ piece: { found, text } }: { piece: TracePiece }) {
  switch (found.by) {
    case "whole-piece":
      return <p className="fine">The piece stands in the vocabulary as it is, and is taken without merging.</p>;
    case "table":
      return <p className="fine">Every character or byte is a token of its own.</p>;
    case "merges":
      return <MergeTree found={found} />;
    case "lattice":
      return <Lattice nodes={found.nodes} text={text} />;
    case "longest-match":
      return (
        <ol className="matches">
          {found.matches.slice(0, mostShown).map((match, i) => (
            <li key={i}>
              <span className="dim">{match.start}</span> <code>{spaced(visible(match.text))}</code>{" "}
              {match.id === undefined ? <small>nothing matches: the piece is unknown</small> : <small>{match.id}</small>}
            </li>
          ))}
        </ol>
      );
  }
}

/** Merges drawn at first, and of how many symbols all parts are drawn on every line. */
const drawnAtFirst = 40;
const fewSymbols = 64;

/**
 * The symbols that merging began with, and below them a line for each merge, in order: the parts as they are after it, the new one
 * marked; the tick in it is where its two halves met. On the last line stand the tokens.
 */
function MergeTree({ found: { symbols, merges } }: { found: Extract<TokenSearch, { by: "merges" }> }) {
  const [all, setAll] = useState(false);
  const steps = mergeSteps(symbols, merges);
  const shown = steps.slice(0, all ? 1000 : drawnAtFirst);
  const columns = { gridTemplateColumns: `44px repeat(${symbols.length}, minmax(${leastWidth(symbols)}px, 40px))` };
  return (
    <>
      <div className="merge-tree" role="list" aria-label="Merges in the order in which they were made" data-testid="merges">
        <div className="merge-row merge-symbols" role="listitem" style={columns}>
          <small>rank</small>
          {symbols.map(({ bytes, id }, i) => (
            <code key={i} title={id === undefined ? "no token of its own" : `id ${id}`}>
              {label(bytes)}
            </code>
          ))}
        </div>
        {shown.map((step, i) => (
          <div key={i} className="merge-row" role="listitem" style={columns} data-last={i === steps.length - 1 || undefined}>
            <small>{formatCount(step.rank)}</small>
            {symbols.length <= fewSymbols &&
              step.others.map(({ from, to, bytes }) => (
                <code
                  key={from}
                  className={to - from > 1 ? "merge-box" : "merge-rest"}
                  style={{ gridColumn: `${from + 2} / ${to + 2}` }}
                  aria-hidden="true"
                >
                  {label(bytes)}
                </code>
              ))}
            <code
              className="merge-box merge-new"
              style={{ gridColumn: `${step.from + 2} / ${step.to + 2}` }}
              title={`id ${step.result}, rank ${step.rank}`}
            >
              <i aria-hidden="true" style={{ left: `${((step.middle - step.from) / (step.to - step.from)) * 100}%` }} />
              {label(step.bytes)}
            </code>
          </div>
        ))}
      </div>
      {steps.length === 0 && <p className="fine">No pair of its symbols is in the list of merges.</p>}
      {steps.length > shown.length && (
        <button type="button" className="quiet" onClick={() => setAll(true)} disabled={all}>
          {all
            ? `${formatCount(steps.length - shown.length)} more: the command prints all`
            : `show ${formatCount(Math.min(1000, steps.length) - shown.length)} more`}
        </button>
      )}
    </>
  );
}

/** Bytes of a part of a character stand without brackets, where space is short. */
const label = (bytes: Uint8Array): string => spaced(visibleToken(bytes)).replace(/^‹([0-9A-F ·]+)›$/, "$1");

const leastWidth = (symbols: readonly TraceSymbol[]): number => Math.max(...symbols.map(({ bytes }) => label(bytes).length)) * 7 + 2;

const spaced = (shown: string): string => onOneLine(shown).replaceAll(" ", "·");
