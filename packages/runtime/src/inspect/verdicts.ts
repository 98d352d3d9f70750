import type { TokenFigures } from "./token-report.ts";

/** What the views say together, in words with their figures. Only deletion is a test of cause; gradients, attention and lens are indications. */
export interface Verdict {
  about: "relied-on" | "sink" | "lens" | "tail";
  verdict:
    | "one-part"
    | "spread"
    | "nothing-to-leave-out"
    | "collapsed"
    | "usual-sink"
    | "no-sink"
    | "appears"
    | "never-likeliest"
    | "read"
    | "not-read";
  /** `{N}` stands for the text of part N, `{target}` for the token, `{tail}` for the tail. */
  says: string;
  /** Whether the views that bear on it agree; absent where there is only one. */
  agree?: boolean;
}

/** Where a verdict changes: conventions, stated so that nobody takes them for measurements. */
export const thresholds = {
  /** Nats of log probability: half the probability. */
  loss: Math.log(2),
  /** Nats of KL divergence: below, the next token's distribution is the same for all purposes. */
  unread: 0.01,
  /** Mean share of all heads' attention. */
  collapsed: 0.8,
  usualSink: 0.3,
} as const;

export function verdictsOf(figures: TokenFigures): Verdict[] {
  return [reliedOn(figures), ...tailRead(figures), ...sink(figures), lens(figures)];
}

function reliedOn({ parts, target }: TokenFigures): Verdict {
  if (parts.length < 2)
    return {
      about: "relied-on",
      verdict: "nothing-to-leave-out",
      says: "The prompt has no two parts of text: there is nothing to leave out and compare with.",
    };
  const order = parts.map((part, at) => ({ part, at }));
  const byLoss = order.toSorted((a, b) => a.part.change - b.part.change);
  const bySize = order.toSorted((a, b) => b.part.share - a.part.share);
  const worst = byLoss[0] as (typeof order)[number];
  const first = bySize[0] as (typeof order)[number];
  const place = bySize.findIndex(({ at }) => at === worst.at) + 1;
  const agree = place <= 3;
  const { change, logprob, share } = worst.part;
  const numbers = `${chance(target.logprob)} to ${chance(logprob)}`;
  const gradient = `Gradient × input puts it ${ordinal(place)} of ${parts.length} (${per(share)} of all parts)`;
  const other = agree
    ? ""
    : `, and {${first.at}} first (${per(first.part.share)}): the two views disagree, and leaving out is the one that was tried`;
  if (change > -thresholds.loss) {
    return {
      about: "relied-on",
      verdict: "spread",
      says: `No single part carries {target}: without any one of ${parts.length} parts it keeps at least half its probability. The largest loss is without {${worst.at}}, ${numbers}. ${gradient}${other}.`,
      agree,
    };
  }
  const more = byLoss
    .slice(1)
    .filter(({ part }) => part.change <= -thresholds.loss)
    .slice(0, 3);
  const besides =
    more.length > 0
      ? ` Losses of more than half come also without ${more.map(({ at, part }) => `{${at}} (${chance(part.logprob)})`).join(", ")}.`
      : "";
  return {
    about: "relied-on",
    verdict: "one-part",
    says: `{target} relied most on {${worst.at}}: without it its probability goes from ${numbers}. ${gradient}${other}.${besides}`,
    agree,
  };
}

function tailRead({ tail, target }: TokenFigures): Verdict[] {
  if (!tail) return [];
  const count = tail.end - tail.start;
  const tokens = count === 1 ? "token" : `${count} tokens`;
  const attention = Number.isNaN(tail.attention) ? "" : ` ${per(tail.attention)} of the attention goes there.`;
  const moved = `without its last ${tokens}, {tail}, before the token that is asked from, the next token's distribution moves by ${tail.divergence.toPrecision(2)} nats, {target} from ${chance(target.logprob)} to ${chance(tail.logprob)}.`;
  if (tail.divergence >= thresholds.unread) return [{ about: "tail", verdict: "read", says: `The prompt's end is read: ${moved}${attention}` }];
  return [{ about: "tail", verdict: "not-read", says: `The prompt's end makes no difference: ${moved}${attention}` }];
}

function sink({ sink: found }: TokenFigures): Verdict[] {
  if (!found) return [];
  const figures = `${per(found.share)} of the attention of all heads goes to the first token; ${found.heads} of ${found.of} heads give it more than half.`;
  if (found.share >= thresholds.collapsed) {
    return [
      {
        about: "sink",
        verdict: "collapsed",
        says: `Attention collapses into the first token: ${figures} Little is taken over from the rest at this token.`,
      },
    ];
  }
  if (found.share >= thresholds.usualSink) {
    return [
      {
        about: "sink",
        verdict: "usual-sink",
        says: `The first token is an attention sink, as in most trained models: ${figures} By itself that is no fault.`,
      },
    ];
  }
  return [{ about: "sink", verdict: "no-sink", says: `Attention does not rest on the first token: ${figures}` }];
}

function lens({ lens: { layers, appears, stays, rows }, target }: TokenFigures): Verdict {
  const after = (layer: number) => (layer < 0 ? "before the first layer" : `after layer ${layer} of 0–${layers - 1}`);
  const first = appears === undefined ? "It is never among the five likeliest" : `It is first among the five likeliest ${after(appears)}`;
  if (stays === undefined) {
    const best = Math.min(...rows.map(({ rank }) => rank));
    return {
      about: "lens",
      verdict: "never-likeliest",
      says: `{target} is not the likeliest in the end, but ${ordinal(target.rank + 1)}; its best place on the way is the ${ordinal(best + 1)}. ${first}.`,
    };
  }
  return { about: "lens", verdict: "appears", says: `In the lens, {target} is the likeliest ${after(stays)} and stays so. ${first}.` };
}

const ordinal = (n: number): string => `${n}${n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th")}`;
const per = (share: number): string => (share > 0 && share < 0.01 ? "less than 1 %" : `${Math.round(share * 100)} %`);
const chance = (logprob: number): string => {
  const percent = Math.exp(logprob) * 100;
  return percent >= 10 ? `${percent.toFixed(0)} %` : percent >= 0.01 ? `${Number(percent.toPrecision(2))} %` : "less than 0.01 %";
};
