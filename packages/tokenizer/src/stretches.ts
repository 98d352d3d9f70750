import type { Span } from "@cutaway/core";
import { type AddedToken, AddedTokenFinder } from "./added-tokens.ts";
import { applyEdits, type Edit, spanBefore } from "./edits.ts";

/** A part of a text: an added token, or text to be split and merged. */
export type Stretch = TokenStretch | TextStretch;

export interface TokenStretch {
  token: AddedToken;
  /** UTF-16 units of the text as given. */
  span: Span;
}

export interface TextStretch {
  token?: undefined;
  /** Normalised. */
  text: string;
  /** The span of the text as given from which a span of `text` came. */
  origin: (span: Span) => Span;
}

export interface StretchRules {
  /** Found in the text as written … */
  addedTokens: AddedToken[];
  /** … and after normalisation, in normalised form. */
  normalizedTokens: AddedToken[];
  /** Steps in order, each giving its changes to the text before it. */
  normalize: ((text: string) => Edit[])[];
  /** A space goes before every stretch of text that does not start with one. */
  prefixSpace: boolean;
}

/** Everything that happens to a text before it is split: added tokens are cut out, the rest is normalised. */
export class Stretcher {
  readonly #rules: StretchRules;
  readonly #written: AddedTokenFinder;
  readonly #normalized: AddedTokenFinder;

  constructor(rules: StretchRules) {
    this.#rules = rules;
    this.#written = new AddedTokenFinder(rules.addedTokens);
    this.#normalized = new AddedTokenFinder(rules.normalizedTokens, (token) => this.#normalize(token.content).text);
  }

  /** All stretches in order. `accept` is asked about each added token, and where it stands in the text as given. */
  stretches(text: string, accept: (token: AddedToken, at: number) => boolean): Stretch[] {
    return this.#cut(text, this.#written, accept, unchanged).flatMap((part) => {
      if (part.token) return part;
      const { text: normalized, edits } = this.#normalize(part.text);
      const origin = edits.length === 0 ? part.origin : (span: Span) => part.origin(edits.reduceRight((at, step) => spanBefore(step, at), span));
      const parts = this.#cut(normalized, this.#normalized, accept, origin);
      return parts.map((inner) => (inner.token || !this.#rules.prefixSpace ? inner : withPrefixSpace(inner)));
    });
  }

  #cut(text: string, finder: AddedTokenFinder, accept: (token: AddedToken, at: number) => boolean, origin: TextStretch["origin"]): Stretch[] {
    const stretches: Stretch[] = [];
    let from = 0;
    const pushText = (end: number) => {
      const start = from;
      if (end === start) return;
      if (start === 0 && end === text.length) stretches.push({ text, origin });
      else stretches.push({ text: text.slice(start, end), origin: (span) => origin({ start: span.start + start, end: span.end + start }) });
    };
    for (const { token, start, end } of finder.find(text, (token, at) => accept(token, origin({ start: at, end: at + 1 }).start))) {
      pushText(start);
      stretches.push({ token, span: origin({ start, end }) });
      from = end;
    }
    pushText(text.length);
    return stretches;
  }

  #normalize(text: string): { text: string; edits: Edit[][] } {
    const edits: Edit[][] = [];
    for (const step of this.#rules.normalize) {
      const changes = step(text);
      if (changes.length === 0) continue;
      edits.push(changes);
      text = applyEdits(text, changes);
    }
    return { text, edits };
  }
}

const unchanged = (span: Span): Span => span;

function withPrefixSpace({ text, origin }: TextStretch): TextStretch {
  if (text.startsWith(" ")) return { text, origin };
  const edit = [{ start: 0, end: 0, text: " " }];
  return { text: ` ${text}`, origin: (span) => origin(spanBefore(edit, span)) };
}
