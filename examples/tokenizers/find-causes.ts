import type { Tokenizer } from "@cutaway/core";
import { detectMismatch, findGlitches, type IdFault, lintBoundaries, lintInjection } from "@cutaway/tokenizer/explain";
import { auditTerms } from "@cutaway/tokenizer/reports";

/** An input that went wrong, as somebody noted it. */
export interface FailingInput {
  name: string;
  /** What was seen of the model. */
  failure: string;
  text: string;
  /** The tokenizer of the model; default: o200k_base. */
  tokenizer?: string;
  /** The part to look at; default: all of it. */
  focus?: string;
  /** Terms that should be told from `focus`. */
  siblings?: string[];
  /** The model goes on from the end of the text, with no template between. */
  open?: boolean;
  /** Ids that a log or a server has for this text. */
  ids?: number[];
  /** What would mend it: another text, other ids, another tokenizer. */
  instead?: { text?: string; ids?: number[]; tokenizer?: string };
}

export interface Cause {
  cause: string;
  says: string;
  fix: string;
}

/** What is wrong with an input as the tokenizer sees it; every cause is found in the text and its tokens, not looked up by the failure. */
export function findCauses(input: FailingInput, tokenizer: Tokenizer, others: readonly Tokenizer[]): Cause[] {
  const { text } = input;
  const ends = input.open ? "open" : "closed";
  const lints = [...lintBoundaries({ tokenizer, texts: [{ text }], ends }), ...lintInjection({ tokenizer, texts: [{ text }] })];
  return [
    ...lints.map(({ id, says, fix }) => ({ cause: id, says, fix })),
    ...lossy(text, tokenizer),
    ...splitTerm(input, tokenizer),
    ...splitNumber(text, tokenizer),
    ...splitSign(text, tokenizer),
    ...dearScript(text, tokenizer),
    ...glitchToken(text, tokenizer),
    ...(input.ids ? faultyIds(text, input.ids, tokenizer, others) : []),
  ];
}

function lossy(text: string, tokenizer: Tokenizer): Cause[] {
  const back = tokenizer.decode(tokenizer.encode(text, { disallowedSpecial: "as-text" }));
  if (back === text) return [];
  const says = `The ids decode to ${JSON.stringify(back)}`;
  if (!text.isWellFormed()) {
    const fix = "Cut texts between characters, not between UTF-16 units; text.toWellFormed() shows where it happened.";
    return [{ cause: "half-character", says: `${says}: half a surrogate pair is no text.`, fix }];
  }
  const hasUnknown = tokenizer.encode(text, { disallowedSpecial: "as-text" }).some((id) => tokenizer.kindOf(id) === "unknown");
  if (hasUnknown)
    return [{ cause: "unknown-token", says: `${says}: the vocabulary cannot say all of it.`, fix: "Use a tokenizer that falls back on bytes." }];
  return [
    {
      cause: "normalised",
      says: `${says}: letters or spaces that the normaliser takes for the same are one to the model.`,
      fix: "Use a cased tokenizer where case, accents or spacing tell terms apart.",
    },
  ];
}

function splitTerm({ focus, siblings = [] }: FailingInput, tokenizer: Tokenizer): Cause[] {
  if (focus === undefined) return [];
  const { terms, oneTokenApart } = auditTerms(
    tokenizer,
    [focus, ...siblings].map((text) => ({ text })),
  );
  const [term] = terms;
  const twin = oneTokenApart.find((group) => group.terms.includes(focus));
  if (!term?.badlySplit) return [];
  const near = twin ? ` It differs from ${twin.terms.filter((other) => other !== focus).join(", ")} in one token.` : "";
  return [
    {
      cause: "split-term",
      says: `${focus} is ${term.inSentence.tokens} tokens, ${term.ratio.toFixed(1)} times an ordinary word as long: ${term.inSentence.pieces.join("|")}.${near}`,
      fix: "Give the term a name in words beside its code, or a short alias, and check codes in the answer against the list.",
    },
  ];
}

/** Numbers, not codes: digits are grouped from the left, or one by one, and the groups are not those of thousands. */
function splitNumber(text: string, tokenizer: Tokenizer): Cause[] {
  return [...text.matchAll(/(?<![\p{L}\d.,-])\d{4,}(?![\p{L}\d-])/gu)].flatMap(([number]): Cause[] => {
    const pieces = tokenizer.encodeWithSpans(number).map(({ span }) => number.slice(span.start, span.end));
    const isByThousands = pieces.slice(1).every((piece) => piece.length === 3);
    if (pieces.length === 1 || isByThousands) return [];
    const fix = "Write separators (1,234,567), or let a tool do the arithmetic.";
    return [
      {
        cause: "split-number",
        says: `${number} is read as ${pieces.join("|")}: the groups are not thousands, and the same digit stands for different powers of ten.`,
        fix,
      },
    ];
  });
}

/** What a reader sees as one sign, and the model as many tokens. */
function splitSign(text: string, tokenizer: Tokenizer): Cause[] {
  const signs = [...new Intl.Segmenter("und").segment(text)].map(({ segment }) => segment);
  const worst = signs
    .map((sign) => ({ sign, tokens: tokenizer.count(sign, { disallowedSpecial: "as-text" }) }))
    .sort((a, b) => b.tokens - a.tokens)[0];
  if (!worst || worst.tokens < 6) return [];
  return [
    {
      cause: "split-sign",
      says: `${worst.sign} is one sign of ${[...worst.sign].length} code points and ${worst.tokens} tokens: a cap or a cut can end inside it, and what is streamed shows its parts first.`,
      fix: "Say it in words where it matters, and hold streamed text back until a sign is whole.",
    },
  ];
}

function dearScript(text: string, tokenizer: Tokenizer): Cause[] {
  const letters = text.match(/(?!\p{Script=Latin})\p{L}|\p{M}/gu)?.length ?? 0;
  const tokens = tokenizer.count(text, { disallowedSpecial: "as-text" });
  if (letters < 8 || tokens < 1.5 * letters) return [];
  return [
    {
      cause: "dear-script",
      says: `${tokens} tokens for ${letters} letters: the vocabulary has few tokens of this script, so that caps and windows hold less and every answer costs more.`,
      fix: "Choose a model whose tokenizer knows the script (cutaway tokens compare), and count caps in its tokens.",
    },
  ];
}

const glitchesOf = new WeakMap<Tokenizer, Map<number, string[]>>();

/** Tokens that training texts hardly had: two signs of it in the vocabulary, or characters that show nothing. */
function glitchToken(text: string, tokenizer: Tokenizer): Cause[] {
  let glitches = glitchesOf.get(tokenizer);
  if (!glitches) {
    glitches = new Map(findGlitches(tokenizer).map(({ id, signs }) => [id, signs]));
    glitchesOf.set(tokenizer, glitches);
  }
  return tokenizer.encodeWithSpans(text, { disallowedSpecial: "as-text" }).flatMap(({ id, span }): Cause[] => {
    // It was reached: by this very text.
    const signs = (glitches.get(id) ?? []).filter((sign) => sign !== "unreachable");
    if (signs.length < 2 && !signs.includes("hidden")) return [];
    const token = JSON.stringify(text.slice(span.start, span.end));
    return [
      {
        cause: "glitch-token",
        says: `${token} is the one token ${id}, and shows signs of one that training hardly met: ${signs.join(", ")}.`,
        fix: "Break it up (a space, a hyphen) or name the thing otherwise; the model can tell whether it knows the token: ask it to repeat it.",
      },
    ];
  });
}

function faultyIds(text: string, ids: readonly number[], tokenizer: Tokenizer, others: readonly Tokenizer[]): Cause[] {
  const own = tokenizer.name;
  const tokenizers = [tokenizer, ...others.filter(({ name }) => name !== own)];
  const { made, candidates } = detectMismatch(text, ids, tokenizers);
  const faults = candidates.find(({ tokenizer }) => tokenizer === own)?.faults ?? [];
  const causes = faults
    .filter(({ kind }) => kind in words)
    .map((fault): Cause => ({ cause: fault.kind, ...(words[fault.kind] as Omit<Cause, "cause">) }));
  if (made.length === 0 || made.includes(own)) return causes;
  return [
    {
      cause: "wrong-tokenizer",
      says: `The ids are those of ${made.join(" or ")}, not of ${own}.`,
      fix: "Load the tokenizer that the weights came with.",
    },
  ];
}

const words: Partial<Record<IdFault["kind"], Omit<Cause, "cause">>> = {
  "doubled-bos": {
    says: "The ids begin with BOS twice: the template writes it, and the tokenizer adds another.",
    fix: "Encode the rendered prompt with addSpecialTokens off.",
  },
  "cut-character": { says: "The ids end inside a character.", fix: "Cut at a character boundary." },
};
