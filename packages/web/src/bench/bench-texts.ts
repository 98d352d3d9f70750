import { longestInUrl } from "../state/bench-place.ts";
import { currentPlace, goBench } from "../state/location.ts";
import { createStore, useStore } from "../state/store.ts";

/** What was typed on the bench. Short texts stand in the URL too; all are kept for as long as the browser tab lives. */
export interface BenchTexts {
  /** The text, and the one it is compared with. */
  text: string;
  other: string;
  /** Terms to audit, one a line. */
  terms: string;
}

export type TextName = keyof BenchTexts;

const key = "cutaway.bench";

function read(): BenchTexts {
  const texts: BenchTexts = { text: "", other: "", terms: "" };
  try {
    const saved = JSON.parse(window.sessionStorage.getItem(key) ?? "{}") as Record<string, unknown>;
    for (const name of Object.keys(texts) as TextName[]) if (typeof saved[name] === "string") texts[name] = saved[name];
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
  store.set((now) => ({ ...now, [name]: text }));
  try {
    window.sessionStorage.setItem(key, JSON.stringify(store.get()));
  } catch {
    // Too long to keep, or forbidden; it still holds for this visit.
  }
  if (name === "text") goBench({ text: fitsUrl(text) ? text : undefined, picked: undefined }, "replace");
}

const fitsUrl = (text: string): boolean => text !== "" && text.length <= longestInUrl && text.isWellFormed();
