export const benchTasks = ["tokens", "texts", "terms"] as const;
/** One text under several tokenizers, two texts under one, or a list of terms under several. */
export type BenchTask = (typeof benchTasks)[number];

export const benchShows = ["text", "ids", "bytes"] as const;
/** What stands in a token's box. */
export type BenchShow = (typeof benchShows)[number];

/** Where the user is on the tokenizer bench. */
export interface BenchPlace {
  task: BenchTask;
  /** Tokenizers by name, the first is the one that the others are held against. */
  tokenizers: readonly string[];
  show: BenchShow;
  /** Places where tokenizers disagree are lit. */
  marks: boolean;
  /** Special tokens in the text are read as tokens. */
  special: boolean;
  /** BOS, EOS and the like are added. */
  add: boolean;
  /** The model whose price counts, `provider/model`; empty for none. */
  price: string;
  /** The token whose trace is open, and whose column it stands in. */
  picked?: { column: number; token: number };
  /** The text itself where it is short: a link then shows another person the same. */
  text?: string;
}

export const startBench: BenchPlace = {
  task: "tokens",
  tokenizers: ["o200k_base", "cl100k_base"],
  show: "text",
  marks: true,
  special: false,
  add: false,
  price: "openai/gpt-4o",
};

/** Longer texts are kept by the browser tab instead. UTF-16 units */
export const longestInUrl = 400;

/** undefined where the query is not about the bench. */
export function parseBench(query: URLSearchParams): BenchPlace | undefined {
  const task = benchTasks.find((name) => name === query.get("bench"));
  if (task === undefined) return undefined;
  const place: BenchPlace = { ...startBench, task };
  const names = query.get("with");
  if (names !== null) place.tokenizers = [...new Set(names.split(",").filter(Boolean))];
  place.show = benchShows.find((name) => name === query.get("show")) ?? startBench.show;
  place.marks = query.get("marks") !== "0";
  place.special = query.get("special") === "1";
  place.add = query.get("add") === "1";
  place.price = query.get("price") ?? startBench.price;
  const pick = /^(\d{1,3})\.(\d{1,9})$/.exec(query.get("pick") ?? "");
  if (pick) place.picked = { column: Number(pick[1]), token: Number(pick[2]) };
  const text = query.get("text");
  if (text) place.text = text;
  return place;
}

export function formatBench(place: BenchPlace, query: URLSearchParams): void {
  query.set("bench", place.task);
  const names = place.tokenizers.join(",");
  if (names !== startBench.tokenizers.join(",")) query.set("with", names);
  if (place.show !== startBench.show) query.set("show", place.show);
  if (!place.marks) query.set("marks", "0");
  if (place.special) query.set("special", "1");
  if (place.add) query.set("add", "1");
  if (place.price !== startBench.price) query.set("price", place.price);
  if (place.picked) query.set("pick", `${place.picked.column}.${place.picked.token}`);
  if (place.text) query.set("text", place.text);
}
