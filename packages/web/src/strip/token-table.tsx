import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useStep } from "../api/steps.ts";
import { formatCount, formatLogprob, formatMs, formatNats, formatProbability } from "../format/numbers.ts";
import { hex, onOneLine } from "../format/visible.ts";
import { choicesOf } from "./choices.ts";
import { bytesOf, rankOf, type StripTokens } from "./tokens.ts";

/** The data of the strip as a table: the same tokens, in figures. */
export function TokenTable({
  tokens,
  lit,
  selected,
  onSelect,
}: {
  tokens: StripTokens;
  lit: Uint8Array;
  selected: number | undefined;
  onSelect: (token: number) => void;
}) {
  const scroller = useRef<HTMLDivElement>(null);
  const rows = useVirtualizer({ count: tokens.shown.length, getScrollElement: () => scroller.current, estimateSize: () => 24, overscan: 20 });
  useEffect(() => {
    if (selected !== undefined && selected < tokens.shown.length) rows.scrollToIndex(selected, { align: "auto" });
  }, [selected, rows, tokens]);
  return (
    <div className="token-table" role="table" aria-label="Tokens" aria-rowcount={tokens.shown.length + 1}>
      <div className="token-row token-head" role="row">
        {["#", "text", "bytes", "id", "p", "after", "rank", "entropy", "arrived", "alternatives"].map((name) => (
          <span key={name} role="columnheader">
            {name}
          </span>
        ))}
      </div>
      <div className="token-rows" ref={scroller}>
        <div style={{ height: rows.getTotalSize(), position: "relative" }}>
          {rows.getVirtualItems().map((row) => (
            <TokenRow
              key={row.key}
              tokens={tokens}
              i={row.index}
              top={row.start}
              lit={lit[row.index] ?? 0}
              selected={row.index === selected}
              onSelect={onSelect}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

function TokenRow({
  tokens,
  i,
  top,
  lit,
  selected,
  onSelect,
}: {
  tokens: StripTokens;
  i: number;
  top: number;
  lit: number;
  selected: boolean;
  onSelect: (token: number) => void;
}) {
  const token = tokens.strip.tokens[i];
  const { step, waiting } = useStep(tokens, i);
  const p = tokens.probability[i] as number;
  const rank = rankOf(tokens, i, step);
  const others = choicesOf(tokens, i, step)?.choices.filter((choice) => !choice.chosen);
  return (
    <div
      className="token-row"
      role="row"
      aria-rowindex={i + 2}
      aria-selected={selected}
      data-lit={lit || undefined}
      style={{ transform: `translateY(${top}px)` }}
      onClick={() => onSelect(i)}
      tabIndex={-1}
    >
      <span role="cell">{i}</span>
      <span role="cell" className="token-text">
        {onOneLine(tokens.shown[i] as string).replaceAll(" ", "·")}
      </span>
      <span role="cell">{hex(bytesOf(tokens, i))}</span>
      <span role="cell">{token?.id ?? step?.id ?? "–"}</span>
      <span role="cell" title={`logprob ${formatLogprob(token?.logprob ?? step?.logprob)}`}>
        {formatProbability(Number.isNaN(p) ? undefined : p)}
      </span>
      <span role="cell">{formatProbability(step?.sampledLogprob === undefined ? undefined : Math.exp(step.sampledLogprob))}</span>
      <span role="cell">{rank === undefined ? "–" : formatCount(rank + 1)}</span>
      <span role="cell">{formatNats(step?.entropy)}</span>
      <span role="cell">{formatMs(token?.at ?? step?.at)}</span>
      <span role="cell">
        {others?.map((choice) => `${onOneLine(choice.shown)} ${formatProbability(choice.probability)}`).join("  ") ?? (waiting ? "…" : "–")}
      </span>
    </div>
  );
}
