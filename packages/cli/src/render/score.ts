import type { TextScore } from "../score/score-text.ts";
import { blank, dim, type Line, line, strong } from "../terminal/line.ts";
import { count, counted, probability } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { tokenText } from "./tokens.ts";

/** Tokens shown where not all are. */
const mostShown = 12;

/** The sums, then every token, or of a long text those that surprised the model most. */
export function renderScore(score: TextScore, { width, full, top }: { width: number; full: boolean; top: number }): Line[] {
  const { tokens, scoredTokens } = score;
  const isAll = full || tokens.length <= mostShown;
  const places = tokens.map((_, at) => at);
  const shown = isAll
    ? places
    : places
        .filter((at) => tokens[at]?.scored)
        .toSorted((a, b) => (tokens[a]?.scored?.logprob ?? 0) - (tokens[b]?.scored?.logprob ?? 0))
        .slice(0, mostShown);
  const rest = tokens.length - scoredTokens;
  return [
    ...summary(score),
    ...(rest > 0 ? [line(dim(`${counted(rest, "token")} with nothing before it ${rest === 1 ? "is" : "are"} not scored`))] : []),
    blank,
    ...(isAll ? [] : [line(dim(`the ${mostShown} least expected of ${count(tokens.length)} tokens; --full shows all`))]),
    ...table(
      [
        { header: "#", align: "right" },
        { header: "token", least: 8 },
        { header: "logprob", align: "right" },
        { header: "probability", align: "right", optional: 2 },
        { header: "rank", align: "right" },
        { header: "entropy", align: "right", optional: 1 },
        { header: top > 0 ? "expected" : "", least: 10 },
      ],
      shown.map((at) => {
        const { token, scored } = tokens[at] as TextScore["tokens"][number];
        const cells = scored
          ? [
              scored.logprob.toFixed(3),
              probability(scored.logprob),
              count(scored.rank),
              scored.entropy.toFixed(3),
              expected(scored.top.slice(0, top)),
            ]
          : [dim("–"), "", "", "", ""];
        return [dim(count(at)), tokenText(token.bytes), ...cells];
      }),
      width,
    ),
  ];
}

const expected = (top: readonly { bytes: Uint8Array; logprob: number }[]): string =>
  top.map(({ bytes, logprob }) => `${tokenText(bytes)} ${probability(logprob)}`).join(", ");

function summary({ logprob, scoredTokens, scoredBytes }: TextScore): Line[] {
  if (scoredTokens === 0) return [line("nothing to score")];
  const { perplexity, bitsPerByte } = measures({ logprob, scoredTokens, scoredBytes });
  return [
    line("log-likelihood  ", strong(logprob.toFixed(3)), dim(` nats over ${counted(scoredTokens, "token")}, ${counted(scoredBytes, "byte")}`)),
    line("perplexity      ", strong(perplexity === undefined ? "–" : perplexity.toPrecision(4)), dim(" a token, by this model's tokenizer")),
    line("bits per byte   ", strong(bitsPerByte === undefined ? "–" : bitsPerByte.toFixed(3)), dim(" comparable between models")),
  ];
}

/** Undefined where nothing was scored. */
export function measures({ logprob, scoredTokens, scoredBytes }: Pick<TextScore, "logprob" | "scoredTokens" | "scoredBytes">) {
  return {
    perplexity: scoredTokens === 0 ? undefined : Math.exp(-logprob / scoredTokens),
    bitsPerByte: scoredBytes === 0 ? undefined : -logprob / Math.LN2 / scoredBytes,
  };
}
