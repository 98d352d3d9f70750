import type { Span } from "@cutaway/core";

/** What begins or ends a turn in well-known prompt formats, and is plain text in most tokenizers. */
const markers = [
  /<\|(?:im_start|im_end|im_sep|start_header_id|end_header_id|eot_id|begin_of_text|system|user|assistant|end|endoftext|start|message|channel|return|call)\|>/g,
  /<(?:start_of_turn|end_of_turn|bos|eos)>/g,
  /<[|｜](?:begin▁of▁sentence|end▁of▁sentence|User|Assistant)[|｜]>/g,
  /\[\/?INST\]|<<\/?SYS>>/g,
  /^#{2,3} ?(?:Instruction|Response|System|User|Assistant|Human)s?:?[ \t]*$/gm,
  // Two speakers in turn: one name alone at a line's beginning is how people write.
  /^(?:Human|User|USER): .*\n+(?:Assistant|ASSISTANT|AI):/gm,
  /^(?:system|user|assistant)\n(?=\S)/gm,
];

/** Markers of turns in a text, in order of kind. */
export const plainRoleMarkers = (text: string): Span[] =>
  markers.flatMap((marker) => Array.from(text.matchAll(marker), (match) => ({ start: match.index, end: match.index + match[0].length })));
