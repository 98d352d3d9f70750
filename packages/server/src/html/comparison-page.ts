import type { LanguageShare, Ranking, TokenizerComparison, TokenizerFigures } from "@cutaway/tokenizer/reports";
import { html, type Markup } from "./markup.ts";
import { dollars, integer } from "./numbers.ts";
import { pageHead } from "./page-head.ts";
import { barCell, fixed, intervalPlot, notesList, reportFooter, shareWord, wideTable } from "./report-parts.ts";
import { reportStyle } from "./report-style.ts";
import { visible } from "./visible.ts";

/**
 * A comparison of tokenizers as a page that opens anywhere: no script, nothing loaded.
 * command  that made it, for its foot
 */
export function comparisonHtml(report: TokenizerComparison, command?: string): string {
  const { queries, bytes, characters, words, languages, notes } = report;
  return html`${pageHead("Tokenizers compared", reportStyle)}
<header><h1>Tokenizers compared</h1><p class="soft">${integer(queries)} ${queries === 1 ? "query" : "queries"} · ${integer(bytes)} bytes · ${integer(characters)} characters · ${integer(words)} words · ${integer(languages.length)} ${languages.length === 1 ? "language" : "languages"}</p></header>
${tokensSection(report)}
${costSection(report)}
${languagesSection(report)}
${notesList(notes)}
${reportFooter(command)}`.markup;
}

function tokensSection({ tokenizers, fewestTokens }: TokenizerComparison): Markup {
  const most = Math.max(...tokenizers.map(({ tokens }) => tokens.mean));
  return html`<section><h2>Tokens</h2>${verdict(fewestTokens)}
${wideTable(
  "Tokens",
  html`<thead><tr><th>Tokenizer</th><th class="number">Tokens</th><th class="number">Mean</th><th class="number">Median</th><th class="number">p95</th><th class="number">Bytes a token</th><th class="number">Characters a token</th><th class="number">Tokens a word</th><th class="number">Unknown</th><th class="number">Byte fallback</th><th class="says">Lossy texts</th></tr></thead><tbody>${tokenizers.map((figures) => tokensRow(figures, most))}</tbody>`,
)}
${differences(fewestTokens, (value) => `${value > 0 ? "+" : ""}${value.toFixed(2)} tokens`)}</section>`;
}

function tokensRow(figures: TokenizerFigures, most: number): Markup {
  const { tokens, bytesPerToken, charactersPerToken, fertility, unknown, byteFallback, lossy } = figures;
  return html`<tr${figures.baseline && html` class="base"`}><th>${nameOf(figures)}</th><td class="number">${figures.exact ? "" : "≈ "}${integer(tokens.total)}</td>${barCell(tokens.mean, most, fixed(tokens.mean, 1))}<td class="number">${fixed(tokens.median, tokens.median % 1 === 0 ? 0 : 1)}</td><td class="number">${fixed(tokens.p95, 0)}</td><td class="number">${fixed(bytesPerToken)}</td><td class="number">${fixed(charactersPerToken)}</td><td class="number">${fixed(fertility)}</td><td class="number">${shareWord(unknown.rate)}</td><td class="number">${figures.baseline ? "" : shareWord(byteFallback.rate)}</td><td class="losses">${lossyWords(lossy)}</td></tr>`;
}

function nameOf({ name, tokenizer, exact, baseline, vocabSize }: TokenizerFigures): Markup {
  const counted = [tokenizer !== name && `${exact ? "" : "≈ "}${tokenizer}`, baseline ? "baseline" : `${integer(vocabSize)} tokens`]
    .filter(Boolean)
    .join(" · ");
  return html`${visible(name)}<br><span class="soft">${visible(counted)}</span>`;
}

const lossyWords = ({ spacing, normalized, content }: TokenizerFigures["lossy"]): string =>
  [spacing > 0 && `${spacing} spacing`, normalized > 0 && `${normalized} normalised`, content > 0 && `${content} content`]
    .filter(Boolean)
    .join(", ") || "0";

function costSection({ tokenizers, cheapest, queriesPerMonth }: TokenizerComparison): Markup | undefined {
  const asked = tokenizers.filter(({ cost, costUnknown }) => cost !== undefined || costUnknown !== undefined);
  if (asked.length === 0) return undefined;
  const most = Math.max(0, ...asked.map(({ cost }) => cost?.perQuery.mean ?? 0));
  const caveats = asked.flatMap(({ name, cost }) => (cost?.caveats ?? []).map((caveat) => `${name}: ${caveat}`));
  return html`<section><h2>Cost</h2>${verdict(cheapest)}
${wideTable(
  "Cost",
  html`<thead><tr><th>Model</th><th class="number">A query</th><th class="number">p95</th><th class="number">${queriesPerMonth === undefined ? "A month" : `A month, ${integer(queriesPerMonth)} queries`}</th><th class="says">Price of</th></tr></thead><tbody>${asked.map((figures) => costRow(figures, most))}</tbody>`,
)}
${differences(cheapest, (value) => `${value > 0 ? "+" : value < 0 ? "−" : ""}${dollars(Math.abs(value))}`)}
${caveats.length > 0 && html`<ul>${caveats.map((caveat) => html`<li class="soft">${visible(caveat)}</li>`)}</ul>`}</section>`;
}

function costRow({ name, cost, costUnknown, exact }: TokenizerFigures, most: number): Markup {
  if (!cost)
    return html`<tr><th>${visible(name)}</th><td class="number">unknown</td><td></td><td></td><td class="soft says">${visible(costUnknown ?? "")}</td></tr>`;
  const { price, perQuery, perMonth } = cost;
  const about = exact ? "" : "≈ ";
  return html`<tr><th>${visible(name)}</th>${barCell(perQuery.mean, most, about + dollars(perQuery.mean))}<td class="number">${about}${dollars(perQuery.p95)}</td><td class="number">${perMonth === undefined ? "not asked" : about + dollars(perMonth)}</td><td class="soft says">${visible(`${price.provider} ${price.model} on ${price.at.slice(0, 10)}, from ${price.source.name} ${price.source.version} of ${price.source.date.slice(0, 10)}`)}</td></tr>`;
}

/** Rows of a page that still opens at once. */
const mostLanguages = 500;

function languagesSection({ languages, tokenizers }: TokenizerComparison): Markup {
  const shown = languages.slice(0, mostLanguages);
  const most = tokenizers
    .filter(({ baseline }) => !baseline)
    .flatMap((figures) => figures.languages)
    .reduce((highest, { fertility = 0 }) => Math.max(highest, fertility), 0);
  return html`<section><h2>Tokens a word, by language</h2>
${wideTable(
  "Tokens a word, by language",
  html`<thead><tr><th>Language</th><th class="number">Queries</th>${tokenizers.map(({ name }) => html`<th class="number">${visible(name)}</th>`)}</tr></thead><tbody>${shown.map((share) => languageRow(share, tokenizers, most))}</tbody>`,
)}<p class="soft">The lowest of a row is bold; ✗ texts of this language lose content; bars are drawn to one scale, baselines left out.${shown.length < languages.length && ` ${integer(languages.length - shown.length)} languages more are in the JSON and the CSV.`}</p></section>`;
}

function languageRow({ language, by, queries }: LanguageShare, tokenizers: readonly TokenizerFigures[], most: number): Markup {
  const cells = tokenizers.map(({ baseline, languages }) => ({
    baseline,
    one: languages.find((figures) => figures.language === language && figures.by === by),
  }));
  const sound = cells.flatMap(({ baseline, one }) => (baseline || one?.fertility === undefined || one.lost > 0 ? [] : [one.fertility]));
  const least = Math.min(...sound);
  return html`<tr><th>${visible(language)}${by === "script" && html` <span class="soft">script</span>`}</th><td class="number">${integer(queries)}</td>${cells.map(
    ({ baseline, one }) => {
      const value = one?.fertility;
      if (baseline) return html`<td class="number soft">${fixed(value)}</td>`;
      if (one?.lost) return barCell(value, most, `${fixed(value)} ✗`);
      return barCell(value, most, fixed(value), value === least && sound.length > 1 ? "low" : undefined);
    },
  )}</tr>`;
}

function verdict({ says, shown, spread, order }: Ranking): Markup | undefined {
  if (order.length < 2) return undefined;
  return html`<div class="verdict-block${shown !== undefined && " good"}"><p><b>${visible(says)}</b>${spread !== undefined && ` Spread ${spread.toFixed(2)}×.`}</p></div>`;
}

function differences({ differences: rows, order }: Ranking, inWords: (value: number) => string): Markup | undefined {
  const intervals = rows.flatMap(({ interval }) => interval ?? []);
  const [first] = order;
  if (intervals.length === 0 || !first) return undefined;
  const from = Math.min(0, ...intervals.map(({ low }) => low));
  const to = Math.max(0, ...intervals.map(({ high }) => high));
  const level = 1 - (1 - (intervals[0] as (typeof intervals)[number]).level) * rows.length;
  return html`<h3>More than ${visible(first.name)}, a query</h3>${wideTable(
    "Differences",
    html`<tbody>${rows.map(
      ({ name, interval, shown }) =>
        html`<tr><th>${visible(name)}</th><td>${interval && intervalPlot(interval, from, to)}</td><td class="number">${interval ? inWords(interval.estimate) : "no interval"}</td><td class="number soft">${interval && `${inWords(interval.low)} to ${inWords(interval.high)}`}</td><td class="says">${shown ? "shown" : "no difference shown"}</td></tr>`,
    )}</tbody>`,
  )}<p class="soft">Intervals: Student's t, paired over the queries, ${Number((level * 100).toFixed(2))} %${rows.length > 1 && " for all together"}; the dashed line is no difference.</p>`;
}
