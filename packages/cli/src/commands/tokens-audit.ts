import { CutawayError, plain } from "@cutaway/core";
import {
  type AuditOptions,
  type AuditThresholds,
  auditCsv,
  auditTerms,
  defaultThresholds,
  type RowFormat,
  readTerms,
} from "@cutaway/tokenizer/reports";
import { readTable } from "../input/read-table.ts";
import { readText } from "../input/read-text.ts";
import { renderAudit } from "../render/audit.ts";
import type { Session } from "../session.ts";
import { type ReportOptions, refuseIdle, refuseWithout, writeReport } from "../write-report.ts";
import { modelPrices } from "./model-prices.ts";
import { chooseTokenizer } from "./tokenizer-choice.ts";

export interface TokensAuditOptions extends ReportOptions {
  tokenizer?: string;
  model?: string;
  format?: RowFormat;
  field?: string;
  frequencyField?: string;
  corpus?: string;
  words?: string;
  threshold?: string[];
  at?: Date;
  full?: boolean;
}

export async function run([file = "-"]: string[], options: TokensAuditOptions, session: Session): Promise<undefined> {
  const { field, frequencyField, corpus, words, threshold = [], model, at = new Date() } = options;
  refuseIdle(options);
  refuseWithout("--model", model, { "--at": options.at });
  const thresholds = thresholdsOf(threshold);
  refuseWithout("--corpus", corpus, { "--threshold corpusFertility": thresholds.corpusFertility });
  if (options.full && (options.csv || session.out.json)) {
    throw new CutawayError("usage", "--full is for the terminal: CSV and JSON have every term", { fix: "Leave it out." });
  }
  const table = await readTable(file, options.format, session);
  const terms = readTerms(table.text, table.format, {
    ...(field !== undefined && { term: field }),
    ...(frequencyField !== undefined && { frequency: frequencyField }),
  });
  const { tokenizer, exact } = await chooseTokenizer(options);
  const audit = auditTerms(tokenizer, terms, {
    thresholds,
    ...(corpus !== undefined && { corpus: readText(corpus, session.out) }),
    ...(words !== undefined && { ordinaryWords: wordsOf(readText(words, session.out), words) }),
    ...(model !== undefined && (await priceOf(model, at))),
  });
  if (!exact) audit.notes.unshift(`An estimate: the tokenizer of ${model} is not published, ${tokenizer.name} stands in for it.`);
  await writeReport(options, session, {
    name: "tokens audit",
    json: () => ({ schema: "cutaway/tokens-audit", version: 1, ...(plain(audit) as object) }),
    csv: () => auditCsv(audit),
    html: async (command) => (await import("@cutaway/server")).auditHtml(audit, command),
    lines: (width) => renderAudit(audit, width, options.full ?? false),
  });
}

function thresholdsOf(given: readonly string[]): Partial<AuditThresholds> {
  return Object.fromEntries(
    given.map((item) => {
      const [name = "", value = ""] = item.split("=");
      if (Object.hasOwn(defaultThresholds, name) && /^(\d+\.?\d*|\.\d+)$/.test(value)) return [name, Number(value)];
      throw new CutawayError("bad-option", `--threshold: "${item}" will not do`, {
        fix: `Give NAME=NUMBER; the names are ${Object.keys(defaultThresholds).join(", ")}.`,
        data: { value: item },
      });
    }),
  );
}

function wordsOf(text: string, file: string): string[] {
  const words = text.split(/\s+/).filter((word) => word !== "");
  if (words.length === 0)
    throw new CutawayError("no-words", `${file} holds no word`, { fix: "Give ordinary words of the language, some of each length." });
  return words;
}

/** Of the model's input, for the saving; nothing where it is not known, for then there is no saving in money. */
async function priceOf(model: string, at: Date): Promise<Pick<AuditOptions, "price">> {
  const prices = await modelPrices(model, at);
  return "unknown" in prices ? {} : { price: { perMillion: prices.perMillion.input, price: prices.price, caveats: prices.caveats } };
}
