import { type BenchPlace, startBench } from "./bench-place.ts";
import { type InsidePlace, type ModelPlace, startInside } from "./inside-place.ts";
import { formatPlace, type Place, parsePlace, startPlace } from "./place.ts";
import { createStore, useStore } from "./store.ts";

const store = createStore<Place>(parsePlace(window.location.search));

window.addEventListener("popstate", () => store.set(parsePlace(window.location.search)));

export const usePlace = (): Place => useStore(store);
export const currentPlace = store.get;

/** Move within the page. `replace` leaves no step for the browser's back button: for typing, walking tokens, scrubbing. */
export function go(change: Partial<Place>, how: "push" | "replace" = "push"): void {
  const next = { ...store.get(), ...change };
  const url = window.location.pathname + formatPlace(next);
  if (url === window.location.pathname + window.location.search) return;
  if (how === "replace") window.history.replaceState(null, "", url);
  else window.history.pushState(null, "", url);
  store.set(next);
}

const closed: Partial<Place> = {
  call: undefined,
  against: undefined,
  view: startPlace.view,
  answer: 0,
  token: undefined,
  lit: undefined,
  body: startPlace.body,
  prompt: undefined,
  runs: undefined,
  bench: undefined,
  alone: undefined,
  inside: undefined,
};

export const openCall = (call: string): void => go({ ...closed, call });
export const openDiff = (call: string, against: string): void => go({ ...closed, call, against, marked: undefined });
export const closeCall = (): void => go(closed);

/** Opens the bench as it was left, or changes something on it. */
export function goBench(change: Partial<BenchPlace>, how: "push" | "replace" = "push"): void {
  const now = store.get().bench;
  if (now === undefined) go({ ...closed, bench: { ...lastBench, ...change } }, how);
  else go({ bench: { ...now, ...change } }, how);
  lastBench = store.get().bench ?? lastBench;
}

/** Within what is looked into. */
export const goInside = (change: Partial<InsidePlace>, how: "push" | "replace" = "push"): void =>
  go({ inside: { ...(store.get().inside ?? startInside), ...change } }, how);

/** Opens the page of local models, or changes which one reads what. */
export function goModel(change: Partial<ModelPlace>, how: "push" | "replace" = "push"): void {
  const now = store.get().alone;
  if (now) go({ alone: { ...now, ...change }, inside: { show: store.get().inside?.show ?? "model" } }, how);
  else go({ ...closed, alone: { name: "", ...change }, inside: { show: "model" } }, how);
}

let lastBench: BenchPlace = store.get().bench ?? startBench;
