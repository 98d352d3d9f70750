import type { Span } from "@cutaway/core";

/** A chat template that somebody wrote out in a text. */
export interface WrittenTemplate {
  /** Whose it is: `ChatML`, `Llama 2`, … */
  name: string;
  /** Its first marker, and its last. */
  first: Span;
  last: Span;
  /** What stands in the last user's turn, without markers; absent where it cannot be told. */
  user?: Span;
}

/**
 * The chat template that a text is written in, from its first words to its last: not one that is merely spoken of.
 * own  markers of the model's own template, for models whose family is not known here
 */
export function writtenTemplate(text: string, own: readonly string[] = []): WrittenTemplate | undefined {
  for (const { name, opens, closes, user, cue } of [...families, ...ownFamily(own)]) {
    const first = firstOf(text, opens, 0);
    const last = first && lastOf(text, closes);
    if (!first || !last || last.start < first.end) continue;
    const begins = text.slice(0, first.start).trim() === "" || (cue?.preamble === true && first.start < 200);
    const ends = text.slice(last.end).trim().length <= 12;
    if (!begins || !ends) continue;
    const inner = user && lastMatch(text, user);
    return { name, first, last, ...(inner && { user: inner }) };
  }
  return undefined;
}

interface Family {
  name: string;
  opens: readonly string[];
  closes: readonly string[];
  /** Group 1 is what the user says. */
  user?: RegExp;
  /** The prompt may begin with a sentence before the first marker. */
  cue?: { preamble: true };
}

const families: Family[] = [
  {
    name: "ChatML",
    opens: ["<|im_start|>"],
    closes: ["<|im_end|>", "<|im_start|>assistant"],
    user: /<\|im_start\|>user\n([\s\S]*?)(?:<\|im_end\|>|$)/g,
  },
  { name: "Llama 2", opens: ["<s>[INST]", "[INST]"], closes: ["[/INST]"], user: /\[INST\](?: *<<SYS>>[\s\S]*?<<\/SYS>>)?([\s\S]*?)\[\/INST\]/g },
  {
    name: "Llama 3",
    opens: ["<|begin_of_text|>", "<|start_header_id|>"],
    closes: ["<|eot_id|>", "<|end_header_id|>"],
    user: /<\|start_header_id\|>user<\|end_header_id\|>([\s\S]*?)<\|eot_id\|>/g,
  },
  {
    name: "Gemma",
    opens: ["<bos><start_of_turn>", "<start_of_turn>"],
    closes: ["<end_of_turn>", "<start_of_turn>model"],
    user: /<start_of_turn>user\n([\s\S]*?)<end_of_turn>/g,
  },
  { name: "Zephyr", opens: ["<|system|>", "<|user|>"], closes: ["<|assistant|>"], user: /<\|user\|>([\s\S]*?)(?:<\/s>|<\|end\|>|<\|assistant\|>)/g },
  {
    name: "Alpaca",
    opens: ["### Instruction:"],
    closes: ["### Response:"],
    user: /### Instruction:([\s\S]*?)### Response:/g,
    cue: { preamble: true },
  },
  { name: "Vicuna", opens: ["USER:"], closes: ["ASSISTANT:"], user: /USER:([\s\S]*?)ASSISTANT:/g, cue: { preamble: true } },
];

const ownFamily = (own: readonly string[]): Family[] => {
  const markers = own.filter((marker) => marker.length >= 3);
  return markers.length === 0 ? [] : [{ name: "the model's own template", opens: markers, closes: markers }];
};

function firstOf(text: string, markers: readonly string[], from: number): Span | undefined {
  const spans = markers.flatMap((marker) => spanAt(text.indexOf(marker, from), marker));
  return spans.sort((a, b) => a.start - b.start || b.end - a.end)[0];
}

function lastOf(text: string, markers: readonly string[]): Span | undefined {
  const spans = markers.flatMap((marker) => spanAt(text.lastIndexOf(marker), marker));
  return spans.sort((a, b) => b.end - a.end)[0];
}

const spanAt = (start: number, marker: string): Span[] => (start < 0 ? [] : [{ start, end: start + marker.length }]);

function lastMatch(text: string, pattern: RegExp): Span | undefined {
  let span: Span | undefined;
  for (const match of text.matchAll(pattern)) {
    const inner = match[1] ?? "";
    const start = match.index + match[0].indexOf(inner);
    const lead = inner.length - inner.trimStart().length;
    span = { start: start + lead, end: start + Math.max(lead, inner.trimEnd().length) };
  }
  return span && span.end > span.start ? span : undefined;
}
