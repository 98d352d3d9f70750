import { longestInUrl } from "../state/bench-place.ts";
import { currentPlace, goModel } from "../state/location.ts";
import { createStore, useStore } from "../state/store.ts";

const key = "cutaway.model-text";

function read(): string {
  const { text } = currentPlace().alone ?? {};
  if (text !== undefined) return text;
  try {
    return window.sessionStorage.getItem(key) ?? "";
  } catch {
    return ""; // forbidden: the page starts empty
  }
}

const store = createStore<string>(read());

/** What a local model reads on its own page. Short texts stand in the URL too; all are kept for as long as the browser tab lives. */
export const useModelText = (): string => useStore(store);

export function setModelText(text: string): void {
  store.set(text);
  try {
    window.sessionStorage.setItem(key, text);
  } catch {
    // Too long to keep, or forbidden; it still holds for this visit.
  }
  goModel({ text: text !== "" && text.length <= longestInUrl && text.isWellFormed() ? text : undefined }, "replace");
}
