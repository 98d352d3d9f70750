import { CutawayError, type PromptToken, type SegmentKind, type SpecialToken, type TokenId, type Tokenizer } from "@cutaway/core";
import { type AddedToken, AddedTokenFinder } from "../added-tokens.ts";
import type { PromptPart } from "./marks.ts";
import type { RenderedPrompt } from "./render-chat.ts";

export interface PromptTokenOptions {
  /** Whether the text of a special token becomes that token inside messages too. Default: only where the template wrote it. */
  parseSpecial?: boolean;
  /**
   * `auto` (default): BOS goes first where `specials.addBos` says so and the template has not written one. `always`: it goes first whatever is there,
   * a second one if the template wrote the first. `never`: none is added; one that the template wrote stays.
   */
  bos?: "auto" | "always" | "never";
  specials?: { bos?: SpecialToken; addBos: boolean };
}

/**
 * The tokens of a rendered prompt, each with the part of the prompt it belongs to. The text between two special tokens is encoded as one, so that merges
 * cross the borders of segments as they do for the reference; a token on a border belongs to the segment that holds most of its bytes, of equals the first.
 * throws  `special-token-in-text` where nobody can tell whether a special token is the template's or a message's (see `unlocated`);
 *         `no-bos-token` for `always` where the vocabulary has none.
 */
export function promptTokens(tokenizer: Tokenizer, prompt: RenderedPrompt, options: PromptTokenOptions = {}): PromptToken[] {
  const { parseSpecial = false, bos = "auto", specials } = options;
  const finder = new AddedTokenFinder([...tokenizer.specialTokens].map(([content, id]) => plainSpecial(content, id)));
  if (!parseSpecial) refuseAmbiguous(prompt, finder);
  const segments = new Segments(prompt);
  const tokens: PromptToken[] = [];
  let from = 0;
  const pushText = (end: number) => {
    for (const { id, bytes, span } of tokenizer.encodeWithSpans(prompt.text.slice(from, end), { disallowedSpecial: "as-text" })) {
      tokens.push({ id, bytes, segment: segments.of(from + span.start, from + span.end) });
    }
  };
  const isSpecial = ({ content }: AddedToken, at: number) => parseSpecial || segments.isTemplate(at, at + content.length);
  for (const { token, start, end } of finder.find(prompt.text, isSpecial)) {
    pushText(start);
    tokens.push({ id: token.id, bytes: bytesOf(tokenizer, token.id), segment: segments.of(start, end), special: true });
    from = end;
  }
  pushText(prompt.text.length);
  return withBos(tokens, bos, tokenizer, specials);
}

const plainSpecial = (content: string, id: TokenId): AddedToken => ({ content, id, special: true, singleWord: false, lstrip: false, rstrip: false });

const bytesOf = (tokenizer: Tokenizer, id: number) => tokenizer.bytesOf(id) ?? new Uint8Array();

function withBos(
  tokens: PromptToken[],
  policy: "auto" | "always" | "never",
  tokenizer: Tokenizer,
  specials: PromptTokenOptions["specials"],
): PromptToken[] {
  const bos = specials?.bos;
  if (policy === "always" && !bos) {
    throw new CutawayError("no-bos-token", `bos is "always", and ${tokenizer.name} has no BOS token`, { fix: 'Leave bos out, or say "never".' });
  }
  const wanted = policy === "always" || (policy === "auto" && specials?.addBos === true && tokens[0]?.id !== bos?.id);
  return bos && wanted ? [{ id: bos.id, bytes: bytesOf(tokenizer, bos.id), segment: "template", special: true }, ...tokens] : tokens;
}

function refuseAmbiguous({ unlocated }: RenderedPrompt, finder: AddedTokenFinder): void {
  for (const text of unlocated) {
    const found = finder.find(text, () => true)[0];
    if (!found) continue;
    throw new CutawayError(
      "special-token-in-text",
      `a message or tool holds ${JSON.stringify(found.token.content)}, a special token, and this chat template hides where its texts go`,
      { fix: "Take it out of the text; or set parseSpecial, to have it read as the token.", data: { token: found.token.content } },
    );
  }
}

/** Asked from left to right. */
class Segments {
  readonly #text: string;
  readonly #parts: readonly PromptPart[];
  #at = 0;

  constructor({ text, parts }: RenderedPrompt) {
    this.#text = text;
    this.#parts = parts;
  }

  isTemplate(start: number, end: number): boolean {
    return !this.#parts.some(({ span }) => span.start < end && span.end > start);
  }

  /** The segment with most bytes of the range; of equals the first. */
  of(start: number, end: number): SegmentKind {
    while ((this.#parts[this.#at]?.span.end ?? Number.POSITIVE_INFINITY) <= start) this.#at++;
    let best: SegmentKind = "template";
    let most = 0;
    const weigh = (segment: SegmentKind, from: number, to: number) => {
      const bytes = utf8Length(this.#text, from, to);
      if (bytes <= most) return;
      most = bytes;
      best = segment;
    };
    let from = start;
    for (let index = this.#at; from < end; index++) {
      const part = this.#parts[index];
      const partStart = Math.min(part?.span.start ?? end, end);
      if (partStart > from) weigh("template", from, partStart);
      const partEnd = Math.min(part?.span.end ?? end, end);
      if (part && partEnd > Math.max(from, partStart)) weigh(part.segment, Math.max(from, partStart), partEnd);
      from = part ? Math.max(from, partEnd) : end;
    }
    return best;
  }
}

function utf8Length(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at++) {
    const unit = text.charCodeAt(at);
    // Half of a pair counts as half of its four bytes.
    bytes += unit < 0x80 ? 1 : unit < 0x800 || (unit >= 0xd800 && unit < 0xe000) ? 2 : 3;
  }
  return bytes;
}
