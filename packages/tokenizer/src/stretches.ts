import type { Span } from "@cutaway/core";
import { type AddedToken, AddedTokenFinder } from "./added-tokens.ts";
import { applyEdits, type Edit, spansBefore } from "./edits.ts";

/** A part of a text: an added token, or text to be split and merged. */
export type Stretch = TokenStretch | TextStretch;

export interface TokenStretch {
  token: AddedToken;
  /** UTF-16 units of the text as given. */
  span: Span;
}

export interface TextStretch {
  token?: undefined;
  /** Normalised; lone surrogates may be left in it only if all that look at it take it `asUtf8`. */
  text: string;
  /** The span of the text as given from which a span of `text` came. */
  origin: (span: Span) => Span;
  /** Where `text` stands in the text as given, if it is a part of it as it is. */
  offset?: number;
  /** The steps that changed the text, in order, each with the text after it. */
  steps: readonly { step: string; text: string }[];
}

/** A step of normalisation: what it changes in a text. `step` is what a trace calls it. */
export type NormalizationStep = ((text: string) => Edit[]) & { readonly step?: string };

export interface StretchRules {
  /** Found in the text as written … */
  addedTokens: AddedToken[];
  /** … and after normalisation, in normalised form. */
  normalizedTokens: AddedToken[];
  /** Steps in order, each giving its changes to the text before it. */
  normalize: NormalizationStep[];
  /** A space goes before every stretch of text that does not start with one. */
  prefixSpace: boolean;
  /** Whether what comes after looks at a stretch as UTF-8 only, in which a lone surrogate is U+FFFD. Default: it may look at the string. */
  asUtf8?: boolean;
}

/** Everything that happens to a text before it is split: added tokens are cut out, the rest is normalised. */
export class Stretcher {
  readonly #rules: StretchRules;
  readonly #written: AddedTokenFinder;
  readonly #normalized: AddedTokenFinder;
  /** Whether it makes no difference to anything if a lone surrogate stands for U+FFFD: to look for one takes as long as to look for all added tokens. */
  readonly #takesLoneSurrogates: boolean;

  constructor(rules: StretchRules) {
    this.#rules = rules;
    const tokens = [...rules.addedTokens, ...rules.normalizedTokens];
    this.#takesLoneSurrogates =
      rules.asUtf8 === true && rules.normalize.length === 0 && tokens.every(({ content }) => content.isWellFormed() && !content.includes("\ufffd"));
    this.#written = new AddedTokenFinder(rules.addedTokens);
    this.#normalized = new AddedTokenFinder(rules.normalizedTokens, (token) => this.#normalize(token.content).text);
  }

  /** All stretches in order. `accept` is asked about each added token, and where it stands in the text as given. */
  stretches(text: string, accept: (token: AddedToken, at: number) => boolean): Stretch[] {
    // A lone surrogate is U+FFFD to all that look at characters: patterns, normalisers, added tokens.
    const given = this.#takesLoneSurrogates ? text : text.toWellFormed();
    return this.#cut({ text: given, origin: unchanged, offset: 0, steps: [] }, this.#written, accept).flatMap((part) => {
      if (part.token) return part;
      const { text: normalized, edits, steps } = this.#normalize(part.text);
      const whole =
        edits.length === 0
          ? part
          : { text: normalized, steps, origin: edits.reduce((origin, step) => through(origin, spansBefore(step)), part.origin) };
      const parts = this.#cut(whole, this.#normalized, accept);
      return parts.map((inner) => (inner.token || !this.#rules.prefixSpace ? inner : withPrefixSpace(inner)));
    });
  }

  /** Units on either side that `isClear` looks at. */
  get reach(): number {
    return Math.max(this.#written.longest, this.#normalized.longest) + 1;
  }

  /** Whether a text can be cut at `at` as far as added tokens and normalisation are concerned: none reaches across. */
  isClear(text: string, at: number): boolean {
    return !this.#written.touches(text, at) && !this.#normalized.touches(text, at);
  }

  /** Whether `isClear` can tell. The step that is known to act on no ASCII character is NFC. */
  get hasClearPlaces(): boolean {
    const { normalize, normalizedTokens, prefixSpace } = this.#rules;
    return !prefixSpace && (normalize.length === 0 || (normalizedTokens.length === 0 && normalize.every(({ step }) => step === "NFC")));
  }

  #cut(whole: TextStretch, finder: AddedTokenFinder, accept: (token: AddedToken, at: number) => boolean): Stretch[] {
    const { text, origin } = whole;
    const stretches: Stretch[] = [];
    let from = 0;
    const pushText = (end: number) => {
      if (end === from) return;
      stretches.push(from === 0 && end === text.length ? whole : partOf(whole, from, end));
    };
    for (const { token, start, end } of finder.find(text, (token, at) => accept(token, origin({ start: at, end: at + 1 }).start))) {
      pushText(start);
      stretches.push({ token, span: origin({ start, end }) });
      from = end;
    }
    pushText(text.length);
    return stretches;
  }

  #normalize(text: string) {
    const edits: Edit[][] = [];
    const steps: { step: string; text: string }[] = [];
    for (const step of this.#rules.normalize) {
      const changes = step(text);
      if (changes.length === 0) continue;
      edits.push(changes);
      text = applyEdits(text, changes);
      steps.push({ step: step.step ?? "normalization", text });
    }
    return { text, edits, steps };
  }
}

const unchanged = (span: Span): Span => span;
const through = (origin: TextStretch["origin"], last: TextStretch["origin"]) => (span: Span) => origin(last(span));

function partOf({ text, origin, offset, steps }: TextStretch, start: number, end: number): TextStretch {
  const part = text.slice(start, end);
  return {
    text: part,
    origin: (span) => origin({ start: span.start + start, end: span.end + start }),
    ...(offset !== undefined && { offset: offset + start }),
    steps: steps.length === 0 ? steps : [...steps, { step: "cut at added tokens", text: part }],
  };
}

function withPrefixSpace(stretch: TextStretch): TextStretch {
  if (stretch.text.startsWith(" ")) return stretch;
  const edit = [{ start: 0, end: 0, text: " " }];
  const text = ` ${stretch.text}`;
  return { text, origin: through(stretch.origin, spansBefore(edit)), steps: [...stretch.steps, { step: "prefix space", text }] };
}
