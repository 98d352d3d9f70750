import { CutawayError } from "@cutaway/core";
import { tokenizerCatalog } from "../known/tokenizer-catalog.ts";

export function unknown(name: string, what: string): CutawayError {
  return new CutawayError("unknown-tokenizer", `tokenizer ${JSON.stringify(name)} ${what}`, {
    fix: `Name one of ${tokenizerCatalog.map((entry) => entry.name).join(", ")}, or give the path of a tokenizer.json or another tokenizer file.`,
    data: { name, known: tokenizerCatalog.map((entry) => entry.name) },
  });
}

export function unreadable(path: string, what: string, cause?: unknown): CutawayError {
  return new CutawayError("bad-tokenizer", `${path} cannot be read: ${what}`, {
    fix: "Check that this is a whole tokenizer file.",
    data: { file: path },
    cause,
  });
}
