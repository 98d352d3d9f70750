import { CutawayError } from "@cutaway/core";
import { countCharacters, countWords } from "./count-words.ts";
import { figuresOf, type MeasuredQuery } from "./figures-of.ts";
import { languageOf } from "./language-of.ts";
import { rank } from "./rank.ts";
import type { ComparedTokenizer, CompareOptions, LanguageShare, Query, Ranking, TokenizerComparison, TokenizerFigures } from "./report-types.ts";

/**
 * Several tokenizers over the same queries: tokens, fertility per language, what is lost, cost, and which is least with an interval.
 * Pure: prices come with the tokenizers. The text of special tokens in a query is counted as text.
 * throws  `no-queries`, `no-tokenizers`, `same-name` (two tokenizers of one name), `bad-option`
 */
export function compareTokenizers(
  tokenizers: readonly ComparedTokenizer[],
  queries: readonly Query[],
  options: CompareOptions = {},
): TokenizerComparison {
  check(tokenizers, queries, options);
  const { queriesPerMonth, level = 0.95 } = options;
  const measured = queries.map(measure);
  const figures = tokenizers.map((compared) => figuresOf(compared, measured, queriesPerMonth));
  const compared = figures.filter(
    ({ baseline, exact, tokenizer }, i) => !baseline && exact && figures.findIndex((other) => other.exact && other.tokenizer === tokenizer) === i,
  );
  const priced = figures.filter(({ cost }) => cost !== undefined);
  const sumOf = (field: "bytes" | "characters" | "words") => measured.reduce((sum, query) => sum + query[field], 0);
  return {
    queries: queries.length,
    bytes: sumOf("bytes"),
    characters: sumOf("characters"),
    words: sumOf("words"),
    languages: languageShares(measured),
    tokenizers: figures.map(({ perQuery: _, costs: __, ...shown }) => shown),
    fewestTokens: withLosses(
      rank(
        compared.map(({ name, perQuery }) => ({ name, values: perQuery })),
        { level, what: "tokens", least: "takes the fewest tokens" },
      ),
      figures,
    ),
    cheapest: rank(
      priced.map(({ name, costs = [], exact }) => ({ name, values: costs, estimate: !exact })),
      { level, what: "cost", least: "is the cheapest" },
    ),
    ...(queriesPerMonth !== undefined && { queriesPerMonth }),
    notes: notesOn(tokenizers, measured),
  };
}

function check(tokenizers: readonly ComparedTokenizer[], queries: readonly Query[], { queriesPerMonth }: CompareOptions): void {
  if (queries.length === 0) throw new CutawayError("no-queries", "there is no query to compare by", { fix: "Give at least one text." });
  if (tokenizers.length === 0) throw new CutawayError("no-tokenizers", "there is no tokenizer to compare", { fix: "Name at least one." });
  const names = tokenizers.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) {
    throw new CutawayError("same-name", `${JSON.stringify(twice)} is named twice`, { fix: "Name each tokenizer once.", data: { name: twice } });
  }
  if (queriesPerMonth !== undefined && !(queriesPerMonth > 0 && Number.isFinite(queriesPerMonth))) {
    throw new CutawayError("bad-option", `${queriesPerMonth} queries a month cannot be`, { fix: "Give a number above 0." });
  }
}

function measure(query: Query): MeasuredQuery {
  const { text, answer } = query;
  return {
    text,
    ...(answer !== undefined && { answer }),
    ...languageOf(query),
    bytes: utf8Length(text),
    characters: countCharacters(text),
    words: countWords(text),
  };
}

/** A lone surrogate is U+FFFD in UTF-8: three bytes. */
const utf8Length = (text: string): number => new TextEncoder().encode(text).length;

/** Few tokens are no merit where they do not say the text. */
function withLosses(ranking: Ranking, figures: readonly TokenizerFigures[]): Ranking {
  const first = figures.find(({ name }) => name === ranking.order[0]?.name);
  const lost = first?.lossy.content ?? 0;
  return lost === 0 || ranking.order.length < 2
    ? ranking
    : { ...ranking, says: `${ranking.says} But ${first?.name} loses content of ${lost === 1 ? "one query" : `${lost} queries`}.` };
}

/** Most queries first, then by name. */
function languageShares(queries: readonly MeasuredQuery[]): LanguageShare[] {
  const shares = new Map<string, LanguageShare>();
  for (const { language, by, words } of queries) {
    const key = `${by} ${language}`;
    const share = shares.get(key) ?? { language, by, queries: 0, words: 0 };
    shares.set(key, { ...share, queries: share.queries + 1, words: share.words + words });
  }
  return [...shares.values()].sort((a, b) => b.queries - a.queries || (a.language < b.language ? -1 : 1));
}

function notesOn(tokenizers: readonly ComparedTokenizer[], queries: readonly MeasuredQuery[]): string[] {
  const notes: string[] = [];
  const byScript = queries.filter(({ by }) => by === "script").length;
  if (byScript > 0) {
    const which = byScript === queries.length ? "The queries name" : `${byScript} of ${queries.length} queries name`;
    notes.push(`${which} no language: they are grouped by the script of most of their letters, which is not the language.`);
  }
  const estimates = tokenizers.filter(({ exact }) => exact === false);
  if (estimates.length > 0) {
    const names = estimates.map(({ name, tokenizer }) => `${name} (counted with ${tokenizer.name})`);
    notes.push(`Estimates, for the model's own tokenizer is not published (no interval includes their error): ${names.join(", ")}.`);
  }
  if (tokenizers.some(({ prices }) => prices !== undefined)) {
    const answers = queries.filter(({ answer }) => answer !== undefined).length;
    notes.push(
      answers === 0
        ? "Costs are those of the queries' own text as input: no system prompt, no chat template, no answer, no cache."
        : `Costs are those of the queries' own text as input and of ${answers} answers as output: no system prompt, no chat template, no cache.`,
    );
  }
  if (queries.length === 1) notes.push("One query: there is no interval, and nothing is shown about others.");
  return notes;
}
