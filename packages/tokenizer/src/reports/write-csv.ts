import type { TermAudit, TokenizerComparison } from "./report-types.ts";

type Cell = string | number | boolean | undefined;

/** A row for each tokenizer and language, `all` first. US dollars; what is not known is empty. */
export function comparisonCsv({ tokenizers, queries, languages, words, bytes, characters }: TokenizerComparison): string {
  const header = [
    ...["name", "tokenizer", "exact", "baseline", "language", "language_by", "queries", "words", "bytes", "characters", "tokens"],
    ...["tokens_mean", "tokens_median", "tokens_p95", "bytes_per_token", "characters_per_token", "fertility", "unknown_tokens", "byte_tokens"],
    ...["lossy_spacing", "lossy_normalized", "lossy_content", "cost_per_query", "cost_per_month", "price_model", "price_source", "price_at"],
  ];
  const rows = tokenizers.flatMap((figures): Cell[][] => {
    const { name, tokenizer, exact, baseline, tokens, bytesPerToken, charactersPerToken, fertility, unknown, byteFallback, lossy, cost } = figures;
    const who: Cell[] = [name, tokenizer, exact, baseline];
    const all: Cell[] = [
      ...[...who, "all", undefined, queries, words, bytes, characters, tokens.total, tokens.mean, tokens.median, tokens.p95],
      ...[bytesPerToken, charactersPerToken, fertility, unknown.tokens, byteFallback.tokens, lossy.spacing, lossy.normalized, lossy.content],
      ...[cost?.perQuery.mean, cost?.perMonth, cost && `${cost.price.provider} ${cost.price.model}`],
      ...[cost && `${cost.price.source.name} ${cost.price.source.version}`, cost?.price.at.slice(0, 10)],
    ];
    const byLanguage = figures.languages.map((one): Cell[] => {
      const share = languages.find(({ language, by }) => language === one.language && by === one.by);
      const size: Cell[] = [share?.queries, share?.words, undefined, undefined, one.tokens, undefined, undefined, undefined, one.bytesPerToken];
      return padded([...who, one.language, one.by, ...size, undefined, one.fertility], header.length);
    });
    return [all, ...byLanguage];
  });
  return csv([header, ...rows]);
}

/** A row for each term. Pieces are joined by `|`. */
export function auditCsv({ terms, tokenizer }: TermAudit): string {
  const header = [
    ...["term", "tokenizer", "characters", "frequency", "occurrences", "tokens_alone", "tokens_in_text", "tokens_upper", "tokens_lower"],
    ...["ordinary", "ratio", "pieces_in_text", "unknown_tokens", "byte_tokens", "lossy", "special", "badly_split", "unsayable"],
  ];
  const rows = terms.map((term): Cell[] => [
    ...[term.text, tokenizer, term.characters, term.frequency, term.occurrences, term.alone.tokens, term.inSentence.tokens],
    ...[term.upperCase.tokens, term.lowerCase.tokens, term.ordinary, term.ratio, term.inSentence.pieces.join("|")],
    ...[term.unknownTokens, term.byteTokens, term.lossy, term.special, term.badlySplit, term.unsayable],
  ]);
  return csv([header, ...rows]);
}

const padded = (cells: Cell[], length: number): Cell[] => [...cells, ...new Array<undefined>(Math.max(0, length - cells.length)).fill(undefined)];

/** RFC 4180, with line feeds. */
const csv = (rows: readonly Cell[][]): string => rows.map((row) => `${row.map(written).join(",")}\n`).join("");

function written(cell: Cell): string {
  const text = cell === undefined ? "" : String(cell);
  return /[",\r\n]/.test(text) || text !== text.trim() ? `"${text.replaceAll('"', '""')}"` : text;
}
