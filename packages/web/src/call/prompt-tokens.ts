import type { Call, PromptToken, SegmentKind } from "@cutaway/core";
import { formatCount } from "../format/numbers.ts";
import { onOneLine, visibleToken } from "../format/visible.ts";

/** In the order of the legend. */
export const segmentKinds: readonly SegmentKind[] = ["template", "system", "tools", "history", "context", "user"];

/** The prompt as the model read it, ready to be drawn: its tokens, and among them a mark where tokens were left out. */
export interface PromptTokens {
  prompt: readonly PromptToken[];
  shown: string[];
  /** Where the mark of the tokens left out stands in `shown`. */
  gap: number | undefined;
  /** Tokens of each part, the parts that are there. */
  counts: { kind: SegmentKind; tokens: number }[];
  special: number;
}

/** Undefined where the prompt's tokens are not known: only a local model tells them. */
export function promptTokensOf({ prompt, local }: Call): PromptTokens | undefined {
  if (!prompt) return undefined;
  const shown = prompt.map(({ bytes }) => visibleToken(bytes));
  const dropped = local?.dropped;
  const gap = dropped && (dropped.at === "start" ? 0 : shown.length);
  if (dropped && gap !== undefined) shown.splice(gap, 0, `⋯ ${formatCount(dropped.tokens)} of ${formatCount(dropped.of)} tokens left out ⋯\n`);
  const counts = segmentKinds.map((kind) => ({ kind, tokens: prompt.filter(({ segment }) => segment === kind).length }));
  return { prompt, shown, gap, counts: counts.filter(({ tokens }) => tokens > 0), special: prompt.filter((token) => token.special).length };
}

/** The prompt's token behind a shown one; undefined for the mark of what was left out. */
export function tokenBehind({ prompt, gap }: PromptTokens, i: number): { token: PromptToken; place: number } | undefined {
  if (i === gap) return undefined;
  const place = gap !== undefined && i > gap ? i - 1 : i;
  const token = prompt[place];
  return token && { token, place };
}

export function describePromptToken(tokens: PromptTokens, i: number): string {
  const behind = tokenBehind(tokens, i);
  const text = onOneLine(tokens.shown[i] ?? "");
  if (!behind) return text;
  const { token, place } = behind;
  return [
    `#${place}`,
    `“${text}”`,
    token.id === undefined ? undefined : `id ${token.id}`,
    token.segment,
    token.special && "special token",
    `${token.bytes.length} bytes`,
  ]
    .filter(Boolean)
    .join(" · ");
}
