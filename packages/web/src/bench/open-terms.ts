import type { RowFormat } from "@cutaway/tokenizer/reports";
import { notify } from "../shell/notify.ts";
import { setTerms } from "./bench-texts.ts";

/** The largest file that is taken, in bytes: what the server takes, with room for its JSON. */
export const largestText = 8_000_000;

/** Takes the terms of a file, to be read as its extension says. */
export async function openTerms(file: File): Promise<void> {
  if (file.size > largestText) {
    notify("failed", `${file.name} is larger than ${largestText / 1e6} MB.`, `Run: npx cutaway tokens audit ${file.name}`);
    return;
  }
  setTerms({ terms: await file.text(), format: formatOf(file.name), file: file.name });
}

function formatOf(name: string): RowFormat {
  const [extension = ""] = /[^.]+$/.exec(name.toLowerCase()) ?? [];
  return extension === "ndjson"
    ? "jsonl"
    : extension === "csv" || extension === "tsv" || extension === "jsonl" || extension === "json"
      ? extension
      : "lines";
}
