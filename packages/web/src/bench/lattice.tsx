import type { LatticeNode } from "@cutaway/core";
import { useMemo } from "react";
import { formatCount } from "../format/numbers.ts";
import { onOneLine, visible } from "../format/visible.ts";
import { latticeRows } from "./lattice-rows.ts";

/** Rows that are drawn; below them stand the shortest pieces. */
const mostRows = 14;

/** Every token of the vocabulary that stands in the piece, at its place, each with its score; the best path is filled, and above all others. */
export function Lattice({ nodes, text }: { nodes: readonly LatticeNode[]; text: string }) {
  const characters = Array.from(text);
  const rows = useMemo(() => latticeRows(nodes), [nodes]);
  const columns = { gridTemplateColumns: `repeat(${characters.length}, minmax(13px, 24px))` };
  const left = rows.slice(mostRows).reduce((sum, row) => sum + row.length, 0);
  return (
    <>
      <div className="merge-tree" role="list" aria-label="Candidates, the best path first" data-testid="lattice">
        <div className="merge-row merge-symbols" role="listitem" style={columns}>
          {characters.map((character, i) => (
            <code key={i}>{spaced(character)}</code>
          ))}
        </div>
        {rows.slice(0, mostRows).map((row, i) => (
          <div key={i} className="merge-row" role="listitem" style={columns}>
            {row.map((node) => (
              <code
                key={`${node.start} ${node.end}`}
                className={node.best ? "merge-box merge-new" : "merge-box"}
                style={{ gridColumn: `${node.start + 1} / ${node.end + 1}` }}
                title={`${spaced(node.text)} · score ${node.score.toFixed(2)} · ${node.id === undefined ? "unknown" : `id ${node.id}`}`}
              >
                {spaced(node.text)}
                {node.end - node.start >= 5 && <small>{node.score.toFixed(1)}</small>}
              </code>
            ))}
          </div>
        ))}
      </div>
      {left > 0 && <p className="fine">and {formatCount(left)} shorter candidates; the command prints all.</p>}
    </>
  );
}

const spaced = (text: string): string => onOneLine(visible(text)).replaceAll(" ", "·");
