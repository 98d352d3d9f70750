import { useVirtualizer } from "@tanstack/react-virtual";
import { useMemo, useRef, useState } from "react";
import type { TermAudit } from "../api/explained-tokens.ts";
import { onOneLine, visible } from "../format/visible.ts";

type Term = TermAudit["terms"][number];

interface Column {
  name: string;
  says: string;
  /** What it is sorted by. */
  of(term: Term, place: number): number | string;
}

const columns: readonly Column[] = [
  { name: "#", says: "in the order given", of: (_, place) => place },
  { name: "term", says: "the term", of: ({ text }) => text.toLowerCase() },
  { name: "tokens", says: "tokens in running text, the space before it included", of: ({ inSentence }) => -inSentence.tokens },
  { name: "alone", says: "tokens of the term alone", of: ({ alone }) => -alone.tokens },
  { name: "× words", says: "tokens in running text, by those of ordinary words as long", of: ({ ratio }) => -ratio },
  { name: "pieces", says: "how it is cut in running text", of: ({ inSentence }) => inSentence.pieces.join("|") },
  { name: "trouble", says: "what is wrong with it", of: (term) => -troublesOf(term).length },
];

/** Every term, sorted by the column whose head was pressed last. */
export function TermTable({ terms }: { terms: readonly Term[] }) {
  const [sort, setSort] = useState({ column: 2, descending: false });
  const scroller = useRef<HTMLDivElement>(null);
  const sorted = useMemo(() => sortedBy(terms, columns[sort.column] as Column, sort.descending), [terms, sort]);
  const rows = useVirtualizer({ count: sorted.length, getScrollElement: () => scroller.current, estimateSize: () => 28, overscan: 20 });
  return (
    <div className="term-table" role="table" aria-label="Terms" aria-rowcount={terms.length + 1} data-testid="term-table">
      <div className="term-row term-head" role="row">
        {columns.map(({ name, says }, i) => (
          <span key={name} role="columnheader" aria-sort={sort.column !== i ? "none" : sort.descending ? "descending" : "ascending"}>
            <button type="button" title={says} onClick={() => setSort((now) => ({ column: i, descending: now.column === i && !now.descending }))}>
              {name} {sort.column === i && <i aria-hidden="true">{sort.descending ? "↑" : "↓"}</i>}
            </button>
          </span>
        ))}
      </div>
      <div className="term-rows" ref={scroller}>
        <div style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map((row) => {
            const { term, place } = sorted[row.index] as Placed;
            return (
              <div
                key={row.key}
                className="term-row"
                role="row"
                aria-rowindex={row.index + 2}
                data-bad={term.badlySplit || term.unsayable || undefined}
                style={{ transform: `translateY(${row.start}px)` }}
              >
                <span role="cell">{place + 1}</span>
                <span role="cell" title={term.text}>
                  {onOneLine(visible(term.text))}
                </span>
                <span role="cell">{term.inSentence.tokens}</span>
                <span role="cell">{term.alone.tokens}</span>
                <span role="cell">{term.ratio.toFixed(1)}</span>
                <span role="cell" className="term-pieces">
                  {term.inSentence.pieces.map((piece, i) => (
                    <code key={i} title={`id ${term.inSentence.ids[i]}`}>
                      {onOneLine(visible(piece)).replaceAll(" ", "·") || "‹…›"}
                    </code>
                  ))}
                </span>
                <span role="cell" className="term-trouble">
                  {troublesOf(term).join(", ")}
                </span>
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}

interface Placed {
  term: Term;
  place: number;
}

function sortedBy(terms: readonly Term[], { of }: Column, descending: boolean): Placed[] {
  const keyed = terms.map((term, place) => ({ term, place, key: of(term, place) }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.place - b.place));
  return descending ? keyed.reverse() : keyed;
}

function troublesOf(term: Term): string[] {
  return [
    term.unsayable && "cannot be said",
    term.badlySplit && "badly split",
    term.special && "is a special token",
    term.unknownTokens > 0 && "unknown token",
    term.byteTokens > 0 && `${term.byteTokens} bytes`,
    term.lossy !== undefined && !term.unsayable && `comes back as “${onOneLine(visible(term.decoded))}”`,
  ].filter((trouble) => trouble !== false);
}
