import type { Call, PromptSplit, PromptToken, Segment, SegmentKind } from "@cutaway/core";
import { splitPrompt } from "@cutaway/plan";
import { textOfTokens } from "./left-out.ts";

/**
 * The prompt of a local call by segments, counted from the tokens that the model read: exact, and without a price.
 * Tokens that say a part of the request stand at that part; a part that was dropped whole is there with 0 tokens.
 */
export function promptSplitOf({ prompt, request, local, usage }: Call): PromptSplit | undefined {
  if (!prompt) return undefined;
  const parts = request ? splitPrompt(request).segments.filter(({ text }) => text.trim() !== "") : [];
  const segments: Segment[] = [];
  let at = 0;
  for (const { kind, tokens } of runsOf(prompt)) {
    let rest = tokens;
    while (rest.length > 0) {
      const next = kind === "template" ? undefined : (beginsWith(rest, parts) ?? (local?.dropped && isPieceOf(rest, parts)));
      const length = next ? next.tokens : rest.length;
      const { part } = next ?? {};
      segments.push({
        kind,
        at: part?.at ?? `prompt[${at}..${at + length}]`,
        label: part ? `${part.label}${next?.isPiece ? ", in part" : ""}` : kind,
        text: part?.text ?? textOf(rest),
        tokens: length,
      });
      if (part) parts.splice(parts.indexOf(part), 1);
      rest = rest.slice(length);
      at += length;
    }
  }
  const unread = local?.dropped ? parts.map((part): Segment => ({ ...part, label: `${part.label}, not read`, tokens: 0 })) : [];
  return {
    segments: local?.dropped?.at === "start" ? [...unread, ...segments] : [...segments, ...unread],
    ...(local && { tokenizer: { name: local.weights.file, exact: true } }),
    counted: prompt.length,
    ...(usage.inputTokens !== undefined && { unattributed: usage.inputTokens - prompt.length }),
  };
}

interface Found {
  part: Segment;
  tokens: number;
  isPiece: boolean;
}

/** The part that these tokens begin with, and how many of them are its own; templates trim white space. */
function beginsWith(tokens: readonly PromptToken[], parts: readonly Segment[]): Found | undefined {
  const text = textOf(tokens);
  const lead = text.length - text.trimStart().length;
  const part = parts.find((one) => text.startsWith(one.text.trim(), lead));
  if (!part) return undefined;
  const end = lead + part.text.trim().length;
  const isAll = text.slice(end).trim() === "";
  const bytes = utf8.encode(text.slice(0, end)).length;
  let [count, sum] = [0, 0];
  while (count < tokens.length && sum < bytes) sum += tokens[count++]?.bytes.length ?? 0;
  return { part, tokens: isAll ? tokens.length : Math.max(1, count), isPiece: false };
}

/** The part of which these tokens are what was kept; characters whose bytes were parted are no help. */
function isPieceOf(tokens: readonly PromptToken[], parts: readonly Segment[]): Found | undefined {
  const text = textOf(tokens)
    .replace(/^\ufffd+|\ufffd+$/g, "")
    .trim();
  const part = text === "" ? undefined : parts.find((one) => one.text.includes(text));
  return part && { part, tokens: tokens.length, isPiece: true };
}

const utf8 = new TextEncoder();
const textOf = (tokens: readonly PromptToken[]) => textOfTokens(tokens.map(({ bytes }) => bytes));

function runsOf(prompt: readonly PromptToken[]): { kind: SegmentKind; tokens: PromptToken[] }[] {
  const runs: { kind: SegmentKind; tokens: PromptToken[] }[] = [];
  for (const token of prompt) {
    const last = runs[runs.length - 1];
    if (last?.kind === token.segment) last.tokens.push(token);
    else runs.push({ kind: token.segment, tokens: [token] });
  }
  return runs;
}
