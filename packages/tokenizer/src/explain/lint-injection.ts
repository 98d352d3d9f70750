import type { Severity, Span, TokenId, Tokenizer } from "@cutaway/core";
import { evidenceOf, type Lint, type LintedText, quote } from "./lints/lint.ts";
import { plainRoleMarkers } from "./lints/role-markers.ts";
import { type Skeleton, skeletonOf } from "./skeleton.ts";

export interface InjectionInput {
  tokenizer: Tokenizer;
  texts: readonly LintedText[];
  /** What the chat template writes around messages, besides special tokens: `<|im_start|>user`, `[INST]`. See `templateMarkers`. */
  markers?: readonly string[];
}

/**
 * Text in messages that a server may read as the template's: special tokens by their text, and what looks like one.
 * `special-token`, a problem: servers that tokenize the rendered prompt as a whole (Hugging Face `apply_chat_template`, vLLM, TGI, llama.cpp) make it the
 * control token, and a message can then end its own turn or begin another. `special-look-alike`, a note: it does not become the token, but someone wrote it to
 * pass as one, and whoever normalises the text (NFKC, stripping invisible characters) makes it one. `role-marker`, a warning where the template uses the
 * marker, a note else: plain text that models read as a turn.
 */
export function lintInjection({ tokenizer, texts, markers = [] }: InjectionInput): Lint[] {
  const specials = [...tokenizer.specialTokens].filter(([content]) => content !== "").sort(([a], [b]) => b.length - a.length);
  const looks = specials.map(([content, id]) => ({ content, id, skeleton: skeletonOf(content).text })).filter(({ skeleton }) => skeleton.length >= 4);
  return texts.flatMap(({ text }, index) => {
    const found: { span: Span; make: () => Omit<Lint, "text" | "span"> }[] = [];
    const taken = new Uint8Array(text.length);
    const take = (span: Span, make: () => Omit<Lint, "text" | "span">) => {
      if (taken.subarray(span.start, span.end).includes(1)) return;
      taken.fill(1, span.start, span.end);
      found.push({ span, make });
    };
    for (const [content, id] of specials) for (const span of occurrences(text, content)) take(span, () => spoken(tokenizer, content, id));
    const skeleton = skeletonOf(text);
    const compact = skeleton.text.replaceAll(" ", "");
    for (const { content, id, skeleton: look } of looks) {
      if (!compact.includes(look.replaceAll(" ", ""))) continue;
      for (const span of looseOccurrences(skeleton, look)) take(span, () => alike(tokenizer, text.slice(span.start, span.end), content, id));
    }
    for (const marker of [...markers].sort((a, b) => b.length - a.length)) {
      for (const span of occurrences(text, marker)) take(span, () => role(marker, "warning"));
    }
    for (const span of plainRoleMarkers(text)) take(span, () => role(text.slice(span.start, span.end).trim(), "note"));
    found.sort((a, b) => a.span.start - b.span.start);
    return found.slice(0, mostFound).map(({ span, make }): Lint => ({ text: index, span, ...make() }));
  });
}

/** Of one text; who finds more has found enough. */
const mostFound = 100;

function spoken(tokenizer: Tokenizer, content: string, id: TokenId): Omit<Lint, "text" | "span"> {
  const asText = evidenceOf(tokenizer, "as text", content);
  return {
    id: "special-token",
    severity: "problem",
    says: `${quote(content)} is the text of the special token ${id}: servers that tokenize the rendered prompt whole (transformers, vLLM, llama.cpp) read it as that token${endsTurn.test(content) ? ", and the message ends there" : ""}${isRankFile.test(tokenizer.name) ? "; tiktoken refuses such a text by default" : ""}. As plain text it is ${asText.ids.length} tokens.`,
    fix: "Take it out of what users and documents say, or encode messages with special tokens off (disallowedSpecial: as-text, split_special_tokens).",
    evidence: [{ label: "as the token", text: content, ids: [id], tokens: [content] }, asText],
  };
}

/** Vocabularies of tiktoken: the API behind them takes messages as text, and what counts tokens before it stumbles. */
const isRankFile = /^(?:o200k|cl100k|p50k|r50k)_|^gpt2$/;

const endsTurn = /im_end|eot|end_of_turn|end▁of|endoftext|<\/s>|<\|end\|>|<\|return\|>|eos/i;

function alike(tokenizer: Tokenizer, written: string, content: string, id: TokenId): Omit<Lint, "text" | "span"> {
  return {
    id: "special-look-alike",
    severity: "note",
    says: `${quote(written)} looks like ${quote(content)} (special token ${id}) and is not it: ${differenceOf(written, content)}. It stays text, until something on the way normalises it.`,
    fix: "Take it out; or normalise first, then look for special tokens.",
    evidence: [evidenceOf(tokenizer, "as sent", written)],
  };
}

function differenceOf(written: string, content: string): string {
  if (/\p{Default_Ignorable_Code_Point}/u.test(written)) return "invisible characters stand inside";
  if (written.toLowerCase() === content.toLowerCase()) return "upper and lower case differ";
  if (written.replace(/\s/g, "") === content) return "spaces stand inside";
  return "other characters of the same look";
}

function role(marker: string, severity: Severity): Omit<Lint, "text" | "span"> {
  return {
    id: "role-marker",
    severity,
    says:
      severity === "warning"
        ? `${quote(marker)} is what this chat template writes around turns: in a message it reads as the beginning of another one.`
        : `${quote(marker)} marks a turn in the prompts of other models: a model that saw such prompts may take what follows for another speaker.`,
    fix: "Quote or rewrite it, or say in the system message that what follows is data.",
    evidence: [],
  };
}

function occurrences(text: string, part: string): Span[] {
  const spans: Span[] = [];
  for (let at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + part.length)) spans.push({ start: at, end: at + part.length });
  return spans;
}

/** Where the look occurs, spaces inside it aside. */
function looseOccurrences({ text, starts, ends }: Skeleton, look: string): Span[] {
  const first = look.charAt(0);
  const spans: Span[] = [];
  for (let at = text.indexOf(first); at >= 0; at = text.indexOf(first, at + 1)) {
    let to = at;
    let matched = 0;
    while (matched < look.length && to < text.length && to - at < look.length + 16) {
      if (text[to] === look[matched]) matched++;
      else if (text[to] !== " ") break;
      to++;
    }
    if (matched < look.length) continue;
    spans.push({ start: starts[at] as number, end: ends[to - 1] as number });
    at = to - 1;
  }
  return spans;
}
