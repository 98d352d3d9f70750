import { CutawayError, plain, type Tokenizer } from "@cutaway/core";
import { type ComparedTokenizer, compareTokenizers, comparisonCsv, type RowFormat, readQueries } from "@cutaway/tokenizer/reports";
import { readTable } from "../input/read-table.ts";
import { renderComparison } from "../render/comparison.ts";
import type { Session } from "../session.ts";
import { type ReportOptions, refuseIdle, refuseWithout, writeReport } from "../write-report.ts";
import { modelPrices } from "./model-prices.ts";

export interface TokensCompareOptions extends ReportOptions {
  tokenizer?: string[];
  model?: string[];
  format?: RowFormat;
  field?: string;
  languageField?: string;
  answerField?: string;
  queriesPerMonth?: number;
  at?: Date;
  baselines: boolean;
}

export async function run([file = "-"]: string[], options: TokensCompareOptions, session: Session): Promise<undefined> {
  const { model, field, languageField, answerField, queriesPerMonth, at = new Date() } = options;
  refuseIdle(options);
  refuseWithout("--model", model, { "--at": options.at, "--queries-per-month": queriesPerMonth });
  const table = await readTable(file, options.format, session);
  const queries = readQueries(table.text, table.format, {
    ...(field !== undefined && { text: field }),
    ...(languageField !== undefined && { language: languageField }),
    ...(answerField !== undefined && { answer: answerField }),
  });
  const compared = await tokenizersOf(options, at);
  const comparison = compareTokenizers(compared, queries, { ...(queriesPerMonth !== undefined && { queriesPerMonth }) });
  await writeReport(options, session, {
    name: "tokens compare",
    json: () => ({ schema: "cutaway/tokens-compare", version: 1, ...(plain(comparison) as object) }),
    csv: () => comparisonCsv(comparison),
    html: async (command) => (await import("@cutaway/server")).comparisonHtml(comparison, command),
    lines: (width) => renderComparison(comparison, width),
  });
}

/** Those named, o200k_base and cl100k_base where none is; then the baselines. */
async function tokenizersOf({ tokenizer = [], model = [], baselines }: TokensCompareOptions, at: Date): Promise<ComparedTokenizer[]> {
  const { loadTokenizer } = await import("@cutaway/tokenizer/named");
  const named = tokenizer.length + model.length === 0 ? ["o200k_base", "cl100k_base"] : tokenizer;
  const compared: ComparedTokenizer[] = [];
  for (const name of model) compared.push(await ofModel(name, at, loadTokenizer));
  for (const name of named) compared.push({ name, tokenizer: await loadTokenizer(name), baseline: baselineNames.includes(name) });
  for (const name of baselines ? baselineNames : []) {
    if (!compared.some((one) => one.name === name)) compared.push({ name, tokenizer: await loadTokenizer(name), baseline: true });
  }
  return compared;
}

const baselineNames = ["bytes", "characters"];

/** `gpt-4o`, or `llama-3.3-70b=tokenizer.json` for a model whose tokenizer is at hand. */
async function ofModel(given: string, at: Date, load: (name: string) => Promise<Tokenizer>): Promise<ComparedTokenizer> {
  const { catalog } = await import("@cutaway/plan");
  const [name = "", file] = given.split(/=(.*)/s);
  const entry = catalog.find(name);
  const own = file || entry?.tokenizer?.name;
  if (own === undefined) {
    const what = entry ? "no tokenizer is known for" : "the catalog does not know";
    throw new CutawayError("unknown-model", `${what} the model ${name}`, { fix: `Give its tokenizer, too: --model ${name}=tokenizer.json.` });
  }
  const prices = await modelPrices(name, at);
  return { name, tokenizer: await load(own), exact: file ? true : (entry?.tokenizer?.exact ?? true), prices };
}
