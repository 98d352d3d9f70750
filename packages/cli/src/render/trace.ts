import type { LatticeNode, Tokenizer, TokenSearch, TokenTrace, TracePiece } from "@cutaway/core";
import { blank, dim, type Line, line, type Piece, piece as plainPiece, strong, title } from "../terminal/line.ts";
import { count, counted } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { elide, widthOf } from "../terminal/width.ts";
import { wrap } from "../terminal/wrap.ts";
import { section } from "./section.ts";
import { type ShownToken, tokenRun } from "./token-run.ts";
import { tokenText } from "./tokens.ts";
import type { NumberedPiece } from "./trace-pieces.ts";

export interface TraceView {
  width: number;
  colour: boolean;
  /** Everything, however long. */
  full: boolean;
}

const mostPieces = 200;
const mostSteps = 60;

/** The way of a text to its ids: what normalisation made of it, its pieces with their tokens, what was put around them. One or two pieces stand opened below. */
export function renderTrace(trace: TokenTrace, pieces: readonly NumberedPiece[], tokenizer: Tokenizer, view: TraceView): Line[] {
  const shownPieces = view.full ? pieces : pieces.slice(0, mostPieces);
  const rows = table(
    [{ header: "#", align: "right" }, { header: "piece", least: 12 }, { header: "found" }],
    shownPieces.map((numbered) => [dim(String(numbered.number)), pieceName(numbered, view.width), howFound(numbered)]),
    Math.floor(view.width / 2),
  );
  const left = rows.reduce((most, row) => Math.max(most, rowWidth(row)), 0) + 2;
  const [header = [], ...body] = rows;
  const withTokens = body.map((row, i) =>
    line(...row, " ".repeat(left - rowWidth(row)), ...tokenRun(tokensOf(shownPieces[i] as NumberedPiece), view.width - left, view.colour)),
  );
  const opened = pieces.filter(isWorthOpening);
  return [
    ...section("text", [line(elide(dotted(trace.text), view.width - 12))]),
    ...normalised(trace, view.width),
    ...aroundLines(trace, tokenizer),
    blank,
    line(...header, " ".repeat(Math.max(1, left - rowWidth(header))), dim("tokens")),
    ...withTokens,
    ...(shownPieces.length < pieces.length
      ? [line(dim(`and ${count(pieces.length - shownPieces.length)} more; --full shows them, --json has them`))]
      : []),
    ...(opened.length > 0 && opened.length <= 2 ? opened.flatMap((numbered) => [blank, ...renderPiece(numbered, tokenizer, view)]) : []),
    ...(opened.length > 2
      ? wrap(line(dim(`--piece ${opened[0]?.number} opens the first of ${counted(opened.length, "piece")} that took steps`)), view.width)
      : []),
  ];
}

/** One piece, step by step. */
export function renderPiece(numbered: NumberedPiece, tokenizer: Tokenizer, view: TraceView): Line[] {
  const where = dim(`  characters ${numbered.span.start}–${numbered.span.end}`);
  const head = line(title(`piece ${numbered.number}`), "  ", strong(pieceName(numbered, view.width - 40)), where);
  if (numbered.kind === "added-token") {
    const { id, special } = numbered.token;
    return [head, line(`  ${special ? "a special token" : "an added token"}, cut out of the text before all else: `, strong(String(id)))];
  }
  return [head, ...stepsOf(numbered.piece, tokenizer, view), line("  ", dim("gives "), ...tokenRun(tokensOf(numbered), view.width - 8, view.colour))];
}

function stepsOf(piece: TracePiece, tokenizer: Tokenizer, view: TraceView): Line[] {
  const { found } = piece;
  switch (found.by) {
    case "whole-piece":
      return [line("  The whole piece is a token: nothing had to be merged.")];
    case "table":
      return [line("  Every character or byte is its own token.")];
    case "merges":
      return mergeSteps(found, tokenizer, view);
    case "lattice":
      return latticeRows(found, view);
    case "longest-match":
      return matchRows(found);
  }
}

/** One merge a line: its rank, what was joined to what, and the piece after it around that place. */
function mergeSteps({ symbols, merges }: TokenSearch & { by: "merges" }, tokenizer: Tokenizer, view: TraceView): Line[] {
  const now: ShownToken[] = symbols.map(({ bytes, id }) => ({ text: tokenText(bytes).replaceAll("▁", "·"), ...(id !== undefined && { id }) }));
  const most = view.full ? merges.length : mostSteps;
  const rankWidth = Math.max(4, ...merges.slice(0, most).map(({ rank }) => count(rank).length));
  const stepWidth = String(merges.length).length;
  const room = view.width - stepWidth - rankWidth - 8;
  // In rank files the rank is the id.
  const isRankId = merges.every(({ rank, result }) => rank === result);
  const row = (step: string, rank: string, at: number | undefined, id: number | undefined): Line =>
    line("  ", dim(step.padStart(stepWidth)), "  ", dim(rank.padStart(rankWidth)), "  ", ...symbolsAround(now, at, id, room));
  const lines = [
    line("  ", dim(`${"".padStart(stepWidth)}  ${(isRankId ? "id" : "rank").padStart(rankWidth)}  symbols`)),
    row("", "", undefined, undefined),
  ];
  for (const [step, { rank, at, result }] of merges.entries()) {
    if (step >= most) {
      lines.push(line(dim(`  and ${counted(merges.length - most, "more merge")}; --full shows them, --json has them`)));
      break;
    }
    now.splice(at, 2, { text: tokenText(tokenizer.bytesOf(result) ?? new Uint8Array()), id: result });
    lines.push(row(String(step + 1), count(rank), at, isRankId ? undefined : result));
  }
  if (merges.length === 0) lines.push(line(dim("  No two neighbours are a token together.")));
  return lines;
}

/** The symbols with bars between them, the one just made set off and followed by its id; where all do not fit, whole ones around it. */
function symbolsAround(symbols: readonly ShownToken[], at: number | undefined, id: number | undefined, columns: number): Line {
  const number = id === undefined ? "" : ` ${id}`;
  const widths = (index: number) => widthOf(symbols[index]?.text ?? "") + 1;
  let from = at ?? 0;
  let to = at === undefined ? 0 : at + 1;
  let room = columns - number.length - 2 - (at === undefined ? 0 : widths(at) + 1);
  for (let grew = true; grew; ) {
    grew = false;
    if (to < symbols.length && widths(to) <= room) {
      room -= widths(to++);
      grew = true;
    }
    if (from > 0 && widths(from - 1) <= room) {
      room -= widths(--from);
      grew = true;
    }
  }
  const joined = (start: number, end: number) =>
    symbols
      .slice(start, end)
      .map(({ text }) => text)
      .join("|");
  const before = at === undefined ? "" : joined(from, at) + (at > from ? "|" : "");
  const after = at === undefined ? joined(0, to) : (to > at + 1 ? "|" : "") + joined(at + 1, to);
  return line(
    dim(from > 0 ? "…" : ""),
    before,
    ...(at === undefined ? [] : [plainPiece(`[${symbols[at]?.text ?? ""}]`, "good")]),
    after,
    dim(to < symbols.length ? "…" : ""),
    dim(number),
  );
}

/** The tokens that stand in the piece, by place; those of the best path marked. */
function latticeRows({ nodes, score }: TokenSearch & { by: "lattice" }, view: TraceView): Line[] {
  const best = nodes.filter((node) => node.best);
  const others = nodes.filter((node) => !node.best).sort((a, b) => b.score - a.score);
  const kept = new Set(view.full ? nodes : [...best, ...others.slice(0, Math.max(0, mostSteps - best.length))]);
  const rows = nodes.filter((node) => kept.has(node)).sort((a, b) => a.start - b.start || b.end - a.end);
  const lines = table(
    [{ header: "" }, { header: "place" }, { header: "token", least: 12 }, { header: "id", align: "right" }, { header: "score", align: "right" }],
    rows.map((node) => [
      node.best ? plainPiece("✓", "good") : "",
      dim(`${node.start}–${node.end}`),
      { text: dotted(node.text), ...(node.best && { style: "good" as const }) },
      node.id === undefined ? dim("unknown") : String(node.id),
      node.score.toFixed(4),
    ]),
    view.width - 2,
  ).map((row) => line("  ", ...row));
  const left = nodes.length - rows.length;
  return [
    ...lines,
    ...(left > 0 ? [line(dim(`  and ${counted(left, "less likely token")}; --full shows them, --json has them`))] : []),
    line(dim("  best    "), ...sumOf(best), dim(` = ${score.toFixed(4)}`)),
  ];
}

const sumOf = (best: readonly LatticeNode[]): Piece[] =>
  best.length > 6 ? [plainPiece(`${best.length} tokens`)] : [plainPiece(best.map(({ score }) => score.toFixed(4)).join(" + "))];

function matchRows({ matches }: TokenSearch & { by: "longest-match" }): Line[] {
  return matches.map(({ start, end, text, id }) =>
    line(
      "  ",
      dim(`${start}–${end}`.padEnd(8)),
      id === undefined
        ? plainPiece(`nothing matches ${dotted(text)}: the whole piece is unknown`, "warning")
        : `the longest token here is ${dotted(text)}`,
      ...(id === undefined ? [] : [dim(` ${id}`)]),
    ),
  );
}

function normalised({ stretches }: TokenTrace, width: number): Line[] {
  const changes = stretches.flatMap((stretch) => (stretch.kind === "text" ? stretch.normalizations : []));
  const steps = changes.slice(0, 6).map(({ step, text }) => line(elide(dotted(text), width - 12 - step.length - 2), dim(`  ${step}`)));
  return section("becomes", steps);
}

function aroundLines({ added }: TokenTrace, tokenizer: Tokenizer): Line[] {
  const named = (ids: readonly number[]) => ids.map((id) => `${tokenText(tokenizer.bytesOf(id) ?? new Uint8Array())} ${id}`).join(", ");
  const parts = [
    ...(added.before.length > 0 ? [`${named(added.before)} before`] : []),
    ...(added.after.length > 0 ? [`${named(added.after)} after`] : []),
  ];
  return parts.length === 0 ? [] : section("added", [line(parts.join(" · "))]);
}

function howFound(numbered: NumberedPiece): Piece {
  if (numbered.kind === "added-token") return dim(numbered.token.special ? "special" : "added");
  const { found } = numbered.piece;
  switch (found.by) {
    case "whole-piece":
      return dim("whole");
    case "merges":
      return plainPiece(counted(found.merges.length, "merge"));
    case "lattice":
      return plainPiece(`${counted(found.nodes.length, "candidate")}`);
    case "longest-match":
      return plainPiece(counted(found.matches.length, "match", "matches"));
    case "table":
      return dim("table");
  }
}

const isWorthOpening = (numbered: NumberedPiece): boolean =>
  numbered.kind === "piece" &&
  numbered.piece.found.by !== "whole-piece" &&
  numbered.piece.found.by !== "table" &&
  numbered.piece.tokens.length > 0 &&
  !isSingle(numbered.piece);

const isSingle = ({ found }: TracePiece): boolean =>
  (found.by === "lattice" && found.nodes.length === 1) || (found.by === "longest-match" && found.matches.length === 1);

const pieceName = (numbered: NumberedPiece, width: number): string =>
  elide(dotted(numbered.kind === "piece" ? numbered.piece.text : numbered.token.content), Math.max(12, Math.floor(width / 2)));

const tokensOf = (numbered: NumberedPiece): ShownToken[] =>
  numbered.kind === "piece"
    ? numbered.piece.tokens.map(({ id, bytes }) => ({ text: tokenText(bytes), id }))
    : [{ text: dotted(numbered.token.content), id: numbered.token.id }];

const dotted = (text: string): string => text.replaceAll(" ", "·");

const rowWidth = (row: Line): number => row.reduce((sum, { text }) => sum + widthOf(text), 0);
