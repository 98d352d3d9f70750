export const insideShows = ["attention", "lens", "attribution", "model"] as const;
/** What of the inside is shown. */
export type InsideShow = (typeof insideShows)[number];

export const attentionSides = ["self", "cross", "encoder"] as const;
/** Whose attention: a decoder's to itself, a decoder's to what an encoder read, an encoder's. */
export type AttentionSide = (typeof attentionSides)[number];

/** Where the user is inside a model that reads a text. */
export interface InsidePlace {
  show: InsideShow;
  /** The head that is shown large. */
  head?: { side: AttentionSide; layer: number; head: number };
  /** The query whose attention is told, and the key among it. */
  query?: number;
  key?: number;
  /** The token that is explained, by its place in the text; for the lens, the one that is said next. */
  at?: number;
  /** Id of the token that the explained one is held against. */
  against?: number;
  /** Of the lens: the layer whose list is open. −1: the embeddings. */
  layer?: number;
}

export const startInside: InsidePlace = { show: "attention" };

export function parseInside(query: URLSearchParams): InsidePlace | undefined {
  const show = insideShows.find((name) => name === query.get("inside"));
  if (!show) return undefined;
  const place: InsidePlace = { show };
  const head = /^(self|cross|encoder)\.(\d{1,4})\.(\d{1,4})$/.exec(query.get("head") ?? "");
  if (head) place.head = { side: head[1] as AttentionSide, layer: Number(head[2]), head: Number(head[3]) };
  for (const name of ["query", "key", "at", "against"] as const) {
    const value = query.get(name === "against" ? "rather" : name);
    if (value && /^\d{1,7}$/.test(value)) place[name] = Number(value);
  }
  const layer = query.get("layer");
  if (layer && /^(?:-1|\d{1,4})$/.test(layer)) place.layer = Number(layer);
  return place;
}

export function formatInside({ show, head, query: asked, key, at, against, layer }: InsidePlace, query: URLSearchParams): void {
  query.set("inside", show);
  if (head) query.set("head", `${head.side}.${head.layer}.${head.head}`);
  for (const [name, value] of Object.entries({ query: asked, key, at, rather: against, layer }))
    if (value !== undefined) query.set(name, String(value));
}

/** A local model by itself, with a text of one's own. */
export interface ModelPlace {
  /** Empty: none was chosen yet. */
  name: string;
  /** Where it is short enough for a link; longer ones are kept by the browser tab. */
  text?: string;
  /** The text is of a call that went to another model: this one stands in for it. */
  insteadOf?: string;
}

export function parseModel(query: URLSearchParams): ModelPlace | undefined {
  const name = query.get("models");
  if (name === null) return undefined;
  const [text, insteadOf] = [query.get("reads"), query.get("instead")];
  return { name, ...(text && { text }), ...(insteadOf && { insteadOf }) };
}

export function formatModel({ name, text, insteadOf }: ModelPlace, query: URLSearchParams): void {
  query.set("models", name);
  if (text) query.set("reads", text);
  if (insteadOf) query.set("instead", insteadOf);
}
