import type { TermAudit, TermFigures } from "@cutaway/tokenizer/reports";
import { blank, dim, type Line, line, type Piece, strong, title } from "../terminal/line.ts";
import { count, counted, usd } from "../terminal/numbers.ts";
import { type Cell, table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";

/** Terms shown unless all are asked for. */
const mostTerms = 60;
const mostGroups = 8;

/** How a tokenizer cuts the terms of a domain, for a terminal. */
export function renderAudit(audit: TermAudit, width: number, full: boolean): Line[] {
  const { tokenizer, family, vocabSize, summary, verdict } = audit;
  const blocks: Line[][] = [
    [line(strong(counted(summary.terms, "term")), dim(`  ${tokenizer} · ${family} · ${count(vocabSize)} tokens`))],
    verdictBlock(audit, width),
    summaryBlock(audit, width),
    termsBlock(audit, width, full),
    groupsBlock(
      "the same ids",
      audit.sameIds.map((terms) => terms.join(" = ")),
      width,
    ),
    groupsBlock(
      "one token apart",
      audit.oneTokenApart.map(({ terms, shared }) => `${terms.join(", ")}  ${shared.join("|").replaceAll(" ", "·")}`),
      width,
    ),
    sensitivityBlock(verdict, width),
    audit.notes.flatMap((note) => wrap(line(dim(note)), width)),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i === 0 ? block : [blank, ...block]));
}

function verdictBlock({ verdict: { do: advice, says, reasons, settled, thresholds } }: TermAudit, width: number): Line[] {
  const mark: Piece = !settled
    ? { text: "? ", style: "warning" }
    : advice === "keep"
      ? { text: "✓ ", style: "good" }
      : { text: "✗ ", style: advice === "train" ? "problem" : "warning" };
  const open = `If these terms are a sample of more, the share of badly split ones may lie on either side of ${Math.round(thresholds.splitShare * 100)} %.`;
  return [
    ...wrap(line(mark, strong(says)), width, 2),
    ...reasons.flatMap((reason) => wrap(line(`  · ${reason}`), width, 4)),
    ...(settled ? [] : wrap(line(`  · ${open}`), width, 4)),
  ];
}

function summaryBlock({ summary, saving }: TermAudit, width: number): Line[] {
  const { alone, inSentence, upperCaseMean, lowerCaseMean, ordinaryMean, whole, split, cutMoves, unknown, byteFallback, lossy } = summary;
  const mean = (value: number) => value.toFixed(2);
  const rows: [string, string][] = [
    ["tokens a term", `${mean(alone.mean)} alone, ${mean(inSentence.mean)} in a sentence (median ${inSentence.median}, most ${inSentence.most})`],
    ["other writings", `${mean(upperCaseMean)} in capitals, ${mean(lowerCaseMean)} in small letters, ${mean(ordinaryMean)} ordinary words as long`],
    ["in one token", `${whole} of ${whole + split} terms; ${mean(summary.charactersPerToken)} characters a token`],
    ["cut elsewhere", `${counted(cutMoves, "term")} in a sentence than alone`],
    ["unknown", `${rate(unknown)}; byte fallback ${rate(byteFallback)}`],
    ["round trip", `${lossy.content} lose content, ${lossy.normalized} are normalised, ${lossy.spacing} lose spacing`],
    ...(saving ? [["saving", savingWord(saving)] as [string, string]] : []),
  ];
  return rows.flatMap(([name, value]) => wrap(line(dim(name.padEnd(16)), value), width, 16));
}

const rate = ({ tokens, texts, rate: share }: TermAudit["summary"]["unknown"]): string =>
  tokens === 0 ? "none" : `${(share * 100).toFixed(1)} % of the tokens, in ${counted(texts, "term")}`;

function savingWord({ from, tokensBefore, tokensAfter, share, occurrences, usd: money }: NonNullable<TermAudit["saving"]>): string {
  const where = from === "corpus" ? "tokens of the corpus" : "tokens of the terms as often as they occur";
  const sum = `${count(tokensBefore)} → ${count(tokensAfter)} ${where} (−${(share * 100).toFixed(1)} %), ${counted(occurrences, "occurrence")} of the worst terms`;
  return money === undefined ? sum : `${sum}; ${usd(money)} of input`;
}

function termsBlock({ terms }: TermAudit, width: number, full: boolean): Line[] {
  const sorted = [...terms].sort((a, b) => b.inSentence.tokens - a.inSentence.tokens || b.ratio - a.ratio);
  const shown = full ? terms : sorted.slice(0, mostTerms);
  const right = (header: string, optional?: number) => ({ header, align: "right" as const, ...(optional !== undefined && { optional }) });
  const rows = shown.map((term): Cell[] => [
    mark(term),
    term.text,
    count(term.alone.tokens),
    count(term.inSentence.tokens),
    count(term.upperCase.tokens),
    count(term.lowerCase.tokens),
    term.ratio.toFixed(1),
    term.frequency === undefined ? "" : count(term.frequency),
    term.occurrences === undefined ? "" : count(term.occurrences),
    piecesOf(term),
    doubts(term),
  ]);
  return [
    ...table(
      [
        { header: "" },
        { header: "term", least: 14 },
        right("alone"),
        right("text"),
        right("UPPER", 1),
        right("lower", 1),
        right("×", 3),
        right("freq", 2),
        right("occurs", 2),
        { header: "in a sentence", least: 14 },
        { header: "", least: 6 },
      ],
      rows,
      width,
    ),
    ...wrap(
      line(dim("Tokens alone, in a sentence (text), in capitals, in small letters; × ordinary words as long; ! badly split, ✗ cannot be said.")),
      width,
    ),
    ...(shown.length < terms.length ? [line(dim(`${counted(terms.length - shown.length, "term")} more, less split: --full shows all.`))] : []),
  ];
}

const mark = ({ unsayable, badlySplit }: TermFigures): Cell =>
  unsayable ? { text: "✗", style: "problem" } : badlySplit ? { text: "!", style: "warning" } : "";

/** A space shows as `·`, as `tokens show` has it. */
const piecesOf = ({ inSentence }: TermFigures): string => inSentence.pieces.map((piece) => piece.replaceAll(" ", "·")).join("|");

const doubts = ({ lossy, unknownTokens, byteTokens, special }: TermFigures): string =>
  [
    special && "special token",
    unknownTokens > 0 && "UNK",
    byteTokens > 0 && `${byteTokens} bytes`,
    lossy === "content" && "content lost",
    lossy === "normalized" && "normalised",
    lossy === "spacing" && "spacing lost",
  ]
    .filter(Boolean)
    .join(", ");

function groupsBlock(name: string, groups: readonly string[], width: number): Line[] {
  if (groups.length === 0) return [];
  const rest = groups.length - mostGroups;
  return [
    line(title(name), dim(name === "the same ids" ? "  the model cannot tell these apart" : "  easily taken for each other")),
    ...groups.slice(0, mostGroups).flatMap((group) => wrap(line(`  ${group}`), width, 4)),
    ...(rest > 0 ? [line(dim(`  ${counted(rest, "group")} more: --json has all.`))] : []),
  ];
}

function sensitivityBlock({ thresholds, flips }: TermAudit["verdict"], width: number): Line[] {
  const rows = Object.entries(thresholds).map(([name, value]): Cell[] => {
    const flip = flips.find(({ threshold }) => threshold === name);
    return [name, String(value), flip ? `${Number(flip.to.toFixed(4))} → ${flip.advice}` : "no value alone"];
  });
  return [
    line(title("what would turn the verdict"), dim("  --threshold NAME=NUMBER sets one")),
    ...table([{ header: "threshold" }, { header: "now", align: "right" }, { header: "turns at" }], rows, width),
  ];
}
