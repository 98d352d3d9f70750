import { type Colouring, colourings } from "../strip/colouring.ts";
import { type BenchPlace, formatBench, parseBench } from "./bench-place.ts";
import { formatInside, formatModel, type InsidePlace, type ModelPlace, parseInside, parseModel } from "./inside-place.ts";

/** Where the user is. All of it stands in the URL, so that a link reproduces the screen. */
export interface Place {
  /** Search text, and filters by model and finding, of the calls list. */
  q: string;
  model: string;
  finding: string;
  /** The call that is open, and the call it is compared with. */
  call?: string;
  against?: string;
  /** The first of two calls to compare, chosen in the list. */
  marked?: string;
  view: View;
  answer: number;
  token?: number;
  /** The finding, and within it the evidence, that is lit. */
  lit?: { finding: number; evidence?: number };
  /** Tokens as a table instead of a strip. */
  table: boolean;
  /** What the shade of a token stands for. */
  colour: Colouring;
  /** The prompt as the model read it, token by token, or by the messages it was made of. Absent: tokens where they are known. */
  prompt?: "tokens" | "messages";
  /** The runs of a verified finding that stand beside each other, by their place in each arm. */
  runs?: { unchanged: number; changed: number };
  body: "request" | "response";
  /** The tokenizer bench instead of calls. */
  bench?: BenchPlace;
  /** A local model by itself instead of calls. */
  alone?: ModelPlace;
  /** Where the user is inside the model, of a call or by itself. */
  inside?: InsidePlace;
}

export const views = ["tokens", "prompt", "timing", "fields", "raw", "proof", "inside", "mask"] as const;
export type View = (typeof views)[number];

export const startPlace: Place = { q: "", model: "", finding: "", view: "tokens", answer: 0, table: false, colour: "probability", body: "response" };

/** The place that a query string names; what it does not say, or says wrongly, is as at the start. */
export function parsePlace(search: string): Place {
  const query = new URLSearchParams(search);
  const place: Place = { ...startPlace };
  for (const name of ["q", "model", "finding"] as const) place[name] = query.get(name) ?? "";
  for (const name of ["call", "against", "marked"] as const) {
    const value = query.get(name);
    if (value) place[name] = value;
  }
  const view = views.find((name) => name === query.get("view"));
  if (view) place.view = view;
  place.answer = index(query.get("answer")) ?? 0;
  const token = index(query.get("token"));
  if (token !== undefined) place.token = token;
  const [finding, evidence] = (query.get("lit") ?? "").split(".").map(index);
  if (finding !== undefined) place.lit = evidence === undefined ? { finding } : { finding, evidence };
  place.table = query.get("table") === "1";
  place.colour = colourings.find((name) => name === query.get("colour")) ?? startPlace.colour;
  const prompt = query.get("prompt");
  if (prompt === "tokens" || prompt === "messages") place.prompt = prompt;
  const [unchanged, changed] = (query.get("runs") ?? "").split(".").map(index);
  if (unchanged !== undefined && changed !== undefined) place.runs = { unchanged, changed };
  if (query.get("body") === "request") place.body = "request";
  const bench = parseBench(query);
  if (bench) place.bench = bench;
  const alone = parseModel(query);
  if (alone) place.alone = alone;
  const inside = parseInside(query);
  if (inside) place.inside = inside;
  return place;
}

/** `parsePlace(formatPlace(place))` equals the place; the start is the empty string. */
export function formatPlace(place: Place): string {
  const query = new URLSearchParams();
  const say = (name: string, value: string | undefined, unless?: string) => {
    if (value !== undefined && value !== "" && value !== unless) query.set(name, value);
  };
  say("q", place.q);
  say("model", place.model);
  say("finding", place.finding);
  say("call", place.call);
  say("against", place.against);
  say("marked", place.marked);
  say("view", place.view, startPlace.view);
  say("answer", String(place.answer), "0");
  say("token", place.token?.toString());
  if (place.lit) say("lit", place.lit.evidence === undefined ? String(place.lit.finding) : `${place.lit.finding}.${place.lit.evidence}`);
  say("table", place.table ? "1" : "");
  say("colour", place.colour, startPlace.colour);
  say("prompt", place.prompt);
  if (place.runs) say("runs", `${place.runs.unchanged}.${place.runs.changed}`);
  say("body", place.body, startPlace.body);
  if (place.bench) formatBench(place.bench, query);
  if (place.alone) formatModel(place.alone, query);
  if (place.inside) formatInside(place.inside, query);
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

const index = (text: string | null | undefined): number | undefined => (text && /^\d{1,9}$/.test(text) ? Number(text) : undefined);
