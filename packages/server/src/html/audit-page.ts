import type { TermAudit, TermFigures } from "@cutaway/tokenizer/reports";
import { html, type Markup } from "./markup.ts";
import { dollars, integer } from "./numbers.ts";
import { pageHead } from "./page-head.ts";
import { barCell, fixed, notesList, reportFooter, shareWord, wideTable } from "./report-parts.ts";
import { reportStyle } from "./report-style.ts";
import { visible } from "./visible.ts";

/** Rows of a page that still opens at once. */
const mostRows = 2000;

/**
 * An audit of terms as a page that opens anywhere: no script, nothing loaded.
 * command  that made it, for its foot
 */
export function auditHtml(audit: TermAudit, command?: string): string {
  const { tokenizer, family, vocabSize, summary, notes } = audit;
  return html`${pageHead("Terms audited", reportStyle)}
<header><h1>${termsWord(summary.terms)} with ${visible(tokenizer)}</h1><p class="soft">${family} · ${integer(vocabSize)} tokens</p></header>
${verdictSection(audit)}
${summarySection(audit)}
${countsSection(audit)}
${termsSection(audit)}
${groupsSection(audit)}
${notesList(notes)}
${reportFooter(command)}`.markup;
}

function verdictSection({ verdict }: TermAudit): Markup {
  const { do: advice, says, reasons, settled, thresholds, flips } = verdict;
  const colour = !settled ? "" : advice === "keep" ? " good" : advice === "train" ? " problem" : "";
  return html`<section><h2>Verdict</h2><div class="verdict-block${colour}"><p><b>${visible(says)}</b></p><ul>${reasons.map((reason) => html`<li>${visible(reason)}</li>`)}${!settled && html`<li>If these terms are a sample of more, the share of badly split ones may lie on either side of its threshold.</li>`}</ul></div>
<details><summary>What would turn the verdict</summary>${wideTable(
    "What would turn the verdict",
    html`<thead><tr><th>Threshold</th><th class="number">Now</th><th class="number">Turns at</th><th>To</th></tr></thead><tbody>${Object.entries(
      thresholds,
    ).map(([name, value]) => {
      const flip = flips.find(({ threshold }) => threshold === name);
      return html`<tr><th>${name}</th><td class="number">${value}</td><td class="number">${flip ? Number(flip.to.toFixed(4)) : "–"}</td><td>${flip ? flip.advice : "no value alone"}</td></tr>`;
    })}</tbody>`,
  )}</details></section>`;
}

function summarySection({ summary, saving }: TermAudit): Markup {
  const { alone, inSentence, upperCaseMean, lowerCaseMean, ordinaryMean, whole, cutMoves, unknown, byteFallback, lossy } = summary;
  const rows: [string, string][] = [
    ["Tokens a term", `${fixed(alone.mean)} alone, ${fixed(inSentence.mean)} in a sentence (median ${inSentence.median}, most ${inSentence.most})`],
    ["Other writings", `${fixed(upperCaseMean)} in capitals, ${fixed(lowerCaseMean)} in small letters`],
    ["Ordinary words as long", `${fixed(ordinaryMean)} tokens`],
    ["In one token", `${termsWord(whole)}; ${fixed(summary.charactersPerToken)} characters a token`],
    ["Cut elsewhere in a sentence than alone", termsWord(cutMoves)],
    ["Unknown", `${shareWord(unknown.rate)} of the tokens, in ${termsWord(unknown.texts)}`],
    ["Byte fallback", `${shareWord(byteFallback.rate)} of the tokens, in ${termsWord(byteFallback.texts)}`],
    ["Round trip", `${lossy.content} lose content, ${lossy.normalized} are normalised, ${lossy.spacing} lose spacing`],
  ];
  if (saving) {
    const where = saving.from === "corpus" ? "tokens of the corpus" : "tokens of the terms as often as they occur";
    const money = saving.usd === undefined ? "" : `; ${dollars(saving.usd)} of input`;
    rows.push([
      "One token for each of the worst",
      `${integer(saving.tokensBefore)} → ${integer(saving.tokensAfter)} ${where} (−${(saving.share * 100).toFixed(1)} %)${money}`,
    ]);
  }
  return html`<section><h2>Summary</h2><table><tbody>${rows.map(([name, value]) => html`<tr><th>${name}</th><td>${value}</td></tr>`)}</tbody></table></section>`;
}

const termsWord = (count: number): string => `${integer(count)} ${count === 1 ? "term" : "terms"}`;

/** How many terms take how many tokens. */
function countsSection({ terms }: TermAudit): Markup {
  const counts = new Map<number, number>();
  for (const { inSentence } of terms) counts.set(Math.min(inSentence.tokens, lastBin), (counts.get(Math.min(inSentence.tokens, lastBin)) ?? 0) + 1);
  const bins = [...counts].sort(([a], [b]) => a - b);
  const most = Math.max(...counts.values());
  return html`<section><h2>Terms by their tokens in a sentence</h2><table><tbody>${bins.map(([tokens, count]) => html`<tr><th>${tokens}${tokens === lastBin && " or more"} ${tokens === 1 ? "token" : "tokens"}</th>${barCell(count, most, integer(count))}</tr>`)}</tbody></table></section>`;
}

const lastBin = 20;

function termsSection({ terms }: TermAudit): Markup {
  const sorted = [...terms].sort((a, b) => b.inSentence.tokens - a.inSentence.tokens || b.ratio - a.ratio);
  const shown = sorted.slice(0, mostRows);
  const hasFrequency = terms.some(({ frequency }) => frequency !== undefined);
  const hasOccurrences = terms.some(({ occurrences }) => occurrences !== undefined);
  return html`<section><h2>Terms, the most split first</h2>${wideTable(
    "Terms",
    html`<thead><tr><th>Term</th><th class="number">Alone</th><th class="number">In text</th><th class="number">Upper</th><th class="number">Lower</th><th class="number">× ordinary</th>${hasFrequency && html`<th class="number">Frequency</th>`}${hasOccurrences && html`<th class="number">In corpus</th>`}<th class="says">In a sentence</th><th></th></tr></thead><tbody>${shown.map(
      (term) =>
        html`<tr><th>${markOf(term)}${visible(term.text)}</th><td class="number">${term.alone.tokens}</td><td class="number">${term.inSentence.tokens}</td><td class="number">${term.upperCase.tokens}</td><td class="number">${term.lowerCase.tokens}</td><td class="number">${fixed(term.ratio, 1)}</td>${hasFrequency && html`<td class="number">${term.frequency === undefined ? "" : integer(term.frequency)}</td>`}${hasOccurrences && html`<td class="number">${integer(term.occurrences ?? 0)}</td>`}<td class="pieces">${term.inSentence.pieces.map((piece) => html`<span class="piece">${visible(piece.replaceAll(" ", "·"))}</span>`)}</td><td class="soft says">${doubts(term)}</td></tr>`,
    )}</tbody>`,
  )}${shown.length < terms.length && html`<p class="soft">${integer(terms.length - shown.length)} terms more are in the JSON and the CSV.</p>`}<p class="soft">✗ cannot be said without loss · ! badly split · a space is shown as “·”, part of a character as its bytes.</p></section>`;
}

const markOf = ({ unsayable, badlySplit }: TermFigures): Markup | undefined =>
  unsayable ? html`<span class="mark problem">✗ </span>` : badlySplit ? html`<span class="mark warning">! </span>` : undefined;

const doubts = ({ lossy, unknownTokens, byteTokens, special, decoded }: TermFigures): Markup[] =>
  [
    special && html`a special token's text. `,
    unknownTokens > 0 && html`unknown token. `,
    byteTokens > 0 && html`${byteTokens} tokens of single bytes. `,
    lossy && html`comes back as “${visible(decoded)}”. `,
  ].filter((doubt) => doubt !== false && doubt !== undefined);

function groupsSection({ sameIds, oneTokenApart }: TermAudit): Markup {
  return html`${sameIds.length > 0 && html`<section><h2>The same ids</h2><p>The model cannot tell these apart.</p><ul>${sameIds.slice(0, mostRows).map((group) => html`<li>${visible(group.join(" = "))}</li>`)}</ul></section>`}
${oneTokenApart.length > 0 && html`<section><h2>One token apart</h2><p>Terms that differ in one token, at “…”: easily taken for each other.</p><ul>${oneTokenApart.slice(0, mostRows).map(({ terms, shared }) => html`<li>${visible(terms.join(", "))} <span class="pieces">${shared.map((piece) => html`<span class="piece">${visible(piece.replaceAll(" ", "·"))}</span>`)}</span></li>`)}</ul></section>`}`;
}
