import { isInstalled, tokenizerCatalog } from "@cutaway/tokenizer/named";
import type { Session } from "../session.ts";
import { dim, line, piece } from "../terminal/line.ts";
import { count } from "../terminal/numbers.ts";
import { type Column, table } from "../terminal/table.ts";

const columns: Column[] = [
  { header: "name" },
  { header: "family" },
  { header: "ids", align: "right" },
  { header: "state" },
  { header: "package", least: 24 },
  { header: "licence", least: 14, optional: 2 },
  { header: "models", least: 16, optional: 1 },
];

export async function run(_args: string[], _options: object, session: Session): Promise<undefined> {
  const { out } = session;
  if (out.json) {
    const tokenizers = tokenizerCatalog.map(({ name, family, vocabSize, source, bundled, licence, models }) => {
      const from = source ? { package: source.package, file: source.file } : null;
      return { name, family, vocabSize, from, bundled, installed: installed(name), licence, models };
    });
    out.printJson({ schema: "cutaway/tokenizers", version: 1, tokenizers });
    return;
  }
  const rows = tokenizerCatalog.map((entry) => [
    entry.name,
    entry.family,
    count(entry.vocabSize),
    isInstalled(entry) ? piece("here", "good") : dim("absent"),
    entry.source?.package ?? dim("built in"),
    dim(entry.licence),
    dim(entry.models),
  ]);
  out.print(...table(columns, rows, out.width));
  if (tokenizerCatalog.some((entry) => !isInstalled(entry))) out.say(line(dim("npm install PACKAGE brings what is absent")));
}

const installed = (name: string): boolean => tokenizerCatalog.some((entry) => entry.name === name && isInstalled(entry));
