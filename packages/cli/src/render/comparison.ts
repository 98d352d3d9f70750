import type { Ranking, TokenizerComparison, TokenizerFigures } from "@cutaway/tokenizer/reports";
import { blank, dim, good, type Line, line, type Piece, strong, title } from "../terminal/line.ts";
import { count, counted, usd } from "../terminal/numbers.ts";
import { type Cell, type Column, table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";

/** Several tokenizers over the same queries, for a terminal. */
export function renderComparison(report: TokenizerComparison, width: number): Line[] {
  const { queries, bytes, words, languages, tokenizers } = report;
  const size = [counted(bytes, "byte"), counted(words, "word"), counted(languages.length, "language")].join(" · ");
  const blocks: Line[][] = [
    [line(strong(counted(queries, "query", "queries")), dim(`  ${size}`))],
    tokensTable(tokenizers, width),
    rankingLines(report.fewestTokens, (difference) => `${difference > 0 ? "+" : ""}${difference.toFixed(2)}`, "more tokens", width),
    languageTable(report, width),
    costBlock(report, width),
    [...lossless(tokenizers), intervalsWord]
      .flatMap((note) => wrap(line(dim(note)), width))
      .concat(report.notes.flatMap((note) => wrap(line(dim(note)), width))),
  ];
  return blocks.filter((block) => block.length > 0).flatMap((block, i) => (i === 0 ? block : [blank, ...block]));
}

function tokensTable(tokenizers: readonly TokenizerFigures[], width: number): Line[] {
  const right = (header: string, optional?: number): Column => ({ header, align: "right", ...(optional !== undefined && { optional }) });
  return table(
    [
      { header: "tokenizer", least: 12 },
      { header: "counted with", optional: 0, least: 10 },
      right("tokens"),
      right("mean"),
      right("median", 2),
      right("p95"),
      right("bytes/tok"),
      right("chars/tok", 1),
      right("tok/word"),
      right("UNK"),
      right("byte"),
      right("lossy"),
    ],
    tokenizers.map(
      ({ name, tokenizer, exact, baseline, tokens, bytesPerToken, charactersPerToken, fertility, unknown, byteFallback, lossy }): Cell[] => [
        baseline ? dim(name) : name,
        tokenizer === name ? "" : `${exact ? "" : "≈ "}${tokenizer}`,
        `${exact ? "" : "≈"}${count(tokens.total)}`,
        tokens.mean.toFixed(1),
        tokens.median.toFixed(tokens.median % 1 === 0 ? 0 : 1),
        tokens.p95.toFixed(0),
        ratio(bytesPerToken),
        ratio(charactersPerToken),
        ratio(fertility),
        share(unknown.rate),
        baseline ? "" : share(byteFallback.rate),
        lossyWord(lossy),
      ],
    ),
    width,
  );
}

const intervalsWord = "Intervals are of Student's t, paired over the queries: what other queries like these would show.";

function lossless(tokenizers: readonly TokenizerFigures[]): string[] {
  const compared = tokenizers.filter(({ baseline }) => !baseline);
  const isLossy = compared.some(({ lossy: { spacing, normalized, content } }) => spacing + normalized + content > 0);
  if (isLossy) return ["Lossy texts: s lose spacing, n are normalised (case, accents, width), c and ✗ lose content."];
  const hasFallback = compared.some(({ unknown, byteFallback }) => unknown.tokens + byteFallback.tokens > 0);
  return [`${hasFallback ? "E" : "No unknown tokens, no byte fallback, e"}very text comes back from its ids unchanged.`];
}

/** `12s 3n 1c`: texts that lose spacing, are normalised, lose content. */
const lossyWord = ({ spacing, normalized, content }: TokenizerFigures["lossy"]): Piece => ({
  text: [spacing > 0 && `${spacing}s`, normalized > 0 && `${normalized}n`, content > 0 && `${content}c`].filter(Boolean).join(" "),
  ...(content > 0 && { style: "warning" }),
});

/** Tokens a word, a column for each tokenizer, the lowest of the compared ones marked. */
function languageTable({ languages, tokenizers }: TokenizerComparison, width: number): Line[] {
  const shown = languages.slice(0, mostLanguages);
  const columns = columnsFitting(tokenizers, width);
  const rows = shown.map(({ language, by, queries }): Cell[] => {
    const figures = columns.map((column) => column.languages.find((one) => one.language === language && one.by === by));
    const sound = figures.flatMap((one, i) => (one?.fertility !== undefined && one.lost === 0 && !columns[i]?.baseline ? [one.fertility] : []));
    const least = Math.min(...sound);
    const cellOf = (one: (typeof figures)[number], i: number): Cell => {
      if (one?.lost) return { text: `${ratio(one.fertility)}✗`, style: "dim" };
      return one?.fertility === least && sound.length > 1 && !columns[i]?.baseline ? good(ratio(least)) : ratio(one?.fertility);
    };
    return [`${language}${by === "script" ? " (script)" : ""}`, count(queries), ...figures.map(cellOf)];
  });
  return [
    line(
      title("tokens a word"),
      dim(columns.length < tokenizers.length ? `  ${columns.length} of ${tokenizers.length} tokenizers; a wider terminal shows more` : ""),
    ),
    ...table(
      [
        { header: "language", least: 8 },
        { header: "queries", align: "right" },
        ...columns.map(({ name }): Column => ({ header: name, align: "right" })),
      ],
      rows,
      width,
    ),
    ...(languages.length > shown.length ? [line(dim(`${languages.length - shown.length} languages more: --json has all.`))] : []),
  ];
}

const mostLanguages = 40;

function columnsFitting(tokenizers: readonly TokenizerFigures[], width: number): TokenizerFigures[] {
  let room = width - 28;
  return tokenizers.filter(({ name }) => {
    room -= Math.max(5, name.length) + 2;
    return room >= 0;
  });
}

function costBlock(report: TokenizerComparison, width: number): Line[] {
  const { tokenizers, cheapest, queriesPerMonth } = report;
  const asked = tokenizers.filter(({ cost, costUnknown }) => cost !== undefined || costUnknown !== undefined);
  if (asked.length === 0) return [];
  const priced = asked.filter(({ cost }) => cost !== undefined);
  const rows = asked.map(({ name, cost, costUnknown, exact }): Cell[] =>
    cost
      ? [
          name,
          `${exact ? "" : "≈"}${usd(cost.perQuery.mean)}`,
          `${exact ? "" : "≈"}${usd(cost.perQuery.p95)}`,
          cost.perMonth === undefined ? "" : `${exact ? "" : "≈"}${usd(cost.perMonth)}`,
          dim(`${cost.price.provider} ${cost.price.model}`),
        ]
      : [name, "unknown", "", "", dim(costUnknown ?? "")],
  );
  const month = queriesPerMonth === undefined ? "" : `  ${count(queriesPerMonth)} queries a month`;
  const sources = new Set(
    priced.map(
      ({ cost }) =>
        cost &&
        `${cost.price.at.slice(0, 10)}, from ${cost.price.source.name} ${cost.price.source.version} of ${cost.price.source.date.slice(0, 10)}`,
    ),
  );
  const caveats = priced.flatMap(({ name, cost }) => (cost?.caveats ?? []).map((caveat) => ({ name, caveat })));
  return [
    line(title("cost"), dim(month)),
    ...table(
      [
        { header: "model", least: 18 },
        { header: "a query", align: "right" },
        { header: "p95", align: "right", optional: 0 },
        { header: "a month", align: "right" },
        { header: "price of", least: 16 },
      ],
      rows,
      width,
    ),
    ...rankingLines(cheapest, (difference) => `${difference > 0 ? "+" : ""}${usd(difference)}`, "dearer", width),
    ...(sources.size > 0 ? wrap(line(dim(`Prices of ${[...sources].join("; ")}.`)), width) : []),
    ...shared(caveats, priced.length).flatMap((caveat) => wrap(line(dim(caveat)), width, 2)),
  ];
}

/** A caveat that every model has is said once, without their names. */
function shared(caveats: readonly { name: string; caveat: string }[], models: number): string[] {
  const times = (caveat: string) => caveats.filter((other) => other.caveat === caveat).length;
  const ofAll = new Set(caveats.flatMap(({ caveat }) => (models > 1 && times(caveat) === models ? [caveat] : [])));
  return [...ofAll, ...caveats.flatMap(({ name, caveat }) => (ofAll.has(caveat) ? [] : [`${name}: ${caveat}`]))];
}

/** Who is least, and each other's difference with its interval. */
function rankingLines(
  { order, differences, says, shown, spread }: Ranking,
  inWords: (difference: number) => string,
  unit: string,
  width: number,
): Line[] {
  const [first] = order;
  if (!first || order.length < 2) return [];
  const mark: Piece = shown === undefined ? { text: "? ", style: "warning" } : { text: "✓ ", style: "good" };
  const level = differences.find(({ interval }) => interval)?.interval?.level;
  const rows = differences.map(({ name, interval, shown: isShown }): Cell[] => [
    `  ${name}`,
    interval ? inWords(interval.estimate) : "no interval",
    interval ? `${inWords(interval.low)} to ${inWords(interval.high)}` : "",
    isShown ? "" : dim("no difference shown"),
  ]);
  const right = (header: string): Column => ({ header, align: "right" });
  return [
    ...wrap(line(mark, strong(says), spread === undefined ? "" : ` Spread ${spread.toFixed(2)}×.`), width, 2),
    ...table(
      [
        { header: `  ${unit} a query than ${first.name}`, least: 20 },
        right(""),
        right(level === undefined ? "" : levelWord(level, differences.length)),
        { header: "" },
      ],
      rows,
      width,
    ),
  ];
}

const levelWord = (level: number, differences: number): string => {
  const together = 1 - (1 - level) * differences;
  return `${Number((together * 100).toFixed(2))} % interval${differences > 1 ? "s together" : ""}`;
};

const ratio = (value: number | undefined): string => (value === undefined ? "–" : value.toFixed(2));

/** Nothing for none: a column without any is left out. */
const share = (rate: number): string => (rate === 0 ? "" : `${rate < 0.0005 ? "<0.1" : (rate * 100).toFixed(1)} %`);
