import type { RowFormat } from "@cutaway/tokenizer/reports";
import { longestInUrl } from "../state/bench-place.ts";
import { currentPlace, goBench } from "../state/location.ts";
import { createStore, useStore } from "../state/store.ts";

/** What was typed on the bench. Short texts stand in the URL too; all are kept for as long as the browser tab lives. */
export interface BenchTexts {
  /** The text, and the one it is compared with. */
  text: string;
  other: string;
  /** Terms to audit, how they are to be read, and the file they came from, as long as they are as it has them. */
  terms: string;
  format: RowFormat;
  file: string;
}

export type TextName = "text" | "other" | "terms";

export const rowFormats: readonly RowFormat[] = ["lines", "csv", "tsv", "jsonl", "json"];

const key = "cutaway.bench";

function read(): BenchTexts {
  const texts: BenchTexts = { text: "", other: "", terms: "", format: "lines", file: "" };
  try {
    const saved = JSON.parse(window.sessionStorage.getItem(key) ?? "{}") as Record<string, unknown>;
    for (const name of ["text", "other", "terms", "file"] as const) if (typeof saved[name] === "string") texts[name] = saved[name];
    texts.format = rowFormats.find((format) => format === saved.format) ?? texts.format;
  } catch {
    // Storage may be forbidden or hold something else: the bench starts empty.
  }
  const { bench } = currentPlace();
  if (bench?.text !== undefined) texts.text = bench.text;
  return texts;
}

const store = createStore<BenchTexts>(read());

export const useBenchTexts = (): BenchTexts => useStore(store);

export function setBenchText(name: TextName, text: string): void {
  if (store.get()[name] === text) return;
  set({ [name]: text, ...(name === "terms" && { file: "" }) });
  if (name === "text") goBench({ text: fitsUrl(text) ? text : undefined, picked: undefined }, "replace");
}

/** Terms of a file, or another way to read those that are there. */
export const setTerms = (terms: Partial<Pick<BenchTexts, "terms" | "format" | "file">>): void => set(terms);

function set(change: Partial<BenchTexts>): void {
  store.set((now) => ({ ...now, ...change }));
  try {
    window.sessionStorage.setItem(key, JSON.stringify(store.get()));
  } catch {
    // Too long to keep, or forbidden; it still holds for this visit.
  }
}

const fitsUrl = (text: string): boolean => text !== "" && text.length <= longestInUrl && text.isWellFormed();
