import { distributionOf } from "./distribution.ts";
import type { ComparedTokenizer, CostFigures, LanguageFigures, LanguageShare, LossyCounts, TokenizerFigures, TokenPrices } from "./report-types.ts";
import { lossOf } from "./round-trip.ts";
import { kindsIn, shareOf } from "./token-shares.ts";

/** A query with what does not depend on the tokenizer. */
export interface MeasuredQuery extends Pick<LanguageShare, "language" | "by"> {
  text: string;
  answer?: string;
  bytes: number;
  characters: number;
  words: number;
}

/** One tokenizer over the queries, with the numbers per query that the ranking pairs. */
export function figuresOf(
  { name, tokenizer, exact = true, baseline = false, prices }: ComparedTokenizer,
  queries: readonly MeasuredQuery[],
  queriesPerMonth: number | undefined,
): TokenizerFigures & { perQuery: number[]; costs?: number[] } {
  const ids = queries.map(({ text }) => tokenizer.encode(text, { disallowedSpecial: "as-text" }));
  const perQuery = ids.map(({ length }) => length);
  const kinds = ids.map((list) => kindsIn(tokenizer, list));
  const losses = queries.map(({ text }, i) => lossOf(text, tokenizer.decode(ids[i] as Uint32Array)));
  const countOf = (kind: keyof LossyCounts) => losses.filter((loss) => loss === kind).length;
  const answers = queries.map(({ answer }) => (answer === undefined ? undefined : tokenizer.count(answer, { disallowedSpecial: "as-text" })));
  const given = answers.filter((count) => count !== undefined);
  const tokens = distributionOf(perQuery);
  const costs = prices && !("unknown" in prices) ? perQuery.map((count, i) => prices.cost(count, answers[i] ?? 0)) : undefined;
  return {
    name,
    tokenizer: tokenizer.name,
    family: tokenizer.family,
    vocabSize: tokenizer.vocabSize,
    exact,
    baseline,
    tokens,
    ...ratiosOf(queries, perQuery),
    languages: languagesOf(queries, perQuery, losses),
    unknown: shareOf(
      kinds.map(({ unknown }) => unknown),
      tokens.total,
    ),
    byteFallback: shareOf(
      kinds.map(({ byte }) => byte),
      tokens.total,
    ),
    lossy: { spacing: countOf("spacing"), normalized: countOf("normalized"), content: countOf("content") },
    ...(given.length > 0 && { outputTokens: distributionOf(given) }),
    ...(prices && "unknown" in prices && { costUnknown: prices.unknown }),
    ...(prices && !("unknown" in prices) && costs && { cost: costOf(prices, costs, !exact, queriesPerMonth) }),
    perQuery,
    ...(costs && { costs }),
  };
}

function costOf({ price, caveats }: TokenPrices, costs: number[], estimate: boolean, queriesPerMonth: number | undefined): CostFigures {
  const perQuery = distributionOf(costs);
  return { price, caveats, perQuery, ...(queriesPerMonth !== undefined && { perMonth: perQuery.mean * queriesPerMonth }), estimate };
}

/** Ratios of totals over some of the queries. */
function ratiosOf(
  queries: readonly MeasuredQuery[],
  perQuery: readonly number[],
): Pick<TokenizerFigures, "bytesPerToken" | "charactersPerToken" | "fertility"> {
  let [tokens, bytes, characters, words, tokensOfWords] = [0, 0, 0, 0, 0];
  queries.forEach((query, i) => {
    const count = perQuery[i] as number;
    tokens += count;
    bytes += query.bytes;
    characters += query.characters;
    words += query.words;
    if (query.words > 0) tokensOfWords += count;
  });
  return {
    ...(tokens > 0 && { bytesPerToken: bytes / tokens, charactersPerToken: characters / tokens }),
    ...(words > 0 && { fertility: tokensOfWords / words }),
  };
}

/** In the order in which languages first occur. */
function languagesOf(
  queries: readonly MeasuredQuery[],
  perQuery: readonly number[],
  losses: readonly (keyof LossyCounts | undefined)[],
): LanguageFigures[] {
  const groups = new Map<string, Pick<LanguageShare, "language" | "by"> & { at: number[] }>();
  queries.forEach(({ language, by }, i) => {
    const key = `${by} ${language}`;
    const group = groups.get(key) ?? { language, by, at: [] };
    group.at.push(i);
    groups.set(key, group);
  });
  const figures = [...groups.values()].map(({ language, by, at }): LanguageFigures => {
    const counts = at.map((i) => perQuery[i] as number);
    const { fertility, bytesPerToken } = ratiosOf(
      at.map((i) => queries[i] as MeasuredQuery),
      counts,
    );
    const tokens = counts.reduce((sum, count) => sum + count, 0);
    const lost = at.filter((i) => losses[i] === "content").length;
    return { language, by, tokens, ...(fertility !== undefined && { fertility }), ...(bytesPerToken !== undefined && { bytesPerToken }), lost };
  });
  const lowest = figures.reduce((least, { fertility }) => Math.min(least, fertility || least), Number.POSITIVE_INFINITY);
  return figures.map((figure) => (figure.fertility === undefined ? figure : { ...figure, premium: figure.fertility / lowest }));
}
