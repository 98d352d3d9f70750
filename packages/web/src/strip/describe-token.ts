import { formatLogprob, formatMs, formatNats, formatProbability } from "../format/numbers.ts";
import { onOneLine } from "../format/visible.ts";
import { rankOf, type StripTokens } from "./tokens.ts";

/** One token in one line, for the status bar and for a screen reader. */
export function describeToken(tokens: StripTokens, i: number): string {
  const token = tokens.strip.tokens[i];
  const step = tokens.steps?.[i];
  const says = [`#${i}`, `“${onOneLine(tokens.shown[i] ?? "")}”`];
  const id = token?.id ?? step?.id;
  if (id !== undefined) says.push(`id ${id}`);
  const p = tokens.probability[i] as number;
  says.push(Number.isNaN(p) ? "probability unknown" : `p ${formatProbability(p)}`);
  const logprob = token?.logprob ?? step?.logprob;
  if (logprob !== undefined) says.push(`logprob ${formatLogprob(logprob)}`);
  const rank = rankOf(tokens, i);
  if (rank !== undefined && rank > 0) says.push(`rank ${rank + 1}`);
  if (step?.entropy !== undefined) says.push(`entropy ${formatNats(step.entropy)}`);
  const at = token?.at ?? step?.at;
  if (at !== undefined) says.push(`arrived ${formatMs(at)}`);
  return says.join(" · ");
}
