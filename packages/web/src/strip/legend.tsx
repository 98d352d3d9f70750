import type { TokenStrip } from "@cutaway/core";
import { useMemo } from "react";
import { go } from "../state/location.ts";
import { isDark, useSettings } from "../state/settings.ts";
import { type Colouring, colouringsOf, fullEntropy, fullRank } from "./colouring.ts";
import { shadeCount, shadesOf } from "./shades.ts";
import type { StripTokens } from "./tokens.ts";

/** What the shades mean; or, where there are none, why. */
export function StripLegend({ tokens, colouring }: { tokens: StripTokens; colouring: Colouring }) {
  const offered = useMemo(() => colouringsOf(tokens), [tokens]);
  if (!tokens.hasProbabilities) return <p className="strip-note">{whyUnknown(tokens.strip)}</p>;
  return (
    <>
      {offered.length > 1 && (
        <div className="picker small" role="group" aria-label="Shade the tokens by">
          {offered.map((name) => (
            <button key={name} type="button" aria-pressed={name === colouring} onClick={() => go({ colour: name }, "replace")}>
              {name}
            </button>
          ))}
        </div>
      )}
      <Scale colouring={colouring} />
    </>
  );
}

/** Both ends of each scale, the outstanding one first. */
const scales: Record<Colouring, { from: string; to: string; says: string }> = {
  probability: { from: "p 0", to: "1", says: "Shades of probability, from 0 per cent to 100 per cent." },
  entropy: { from: `≥ ${fullEntropy} nats`, to: "0", says: `Shades of entropy, from ${fullEntropy} nats or more to 0.` },
  rank: { from: `≥ ${fullRank}th`, to: "1st", says: `Shades of rank, from the ${fullRank}th or less to the most probable.` },
};

function Scale({ colouring }: { colouring: Colouring }) {
  const settings = useSettings();
  const dark = isDark(settings);
  const shades = useMemo(() => shadesOf(dark ? "dark" : "light").filter((_, i) => i % 4 === 0 || i === shadeCount - 1), [dark]);
  const { from, to, says } = scales[colouring];
  return (
    <div className="legend" role="img" aria-label={`${says} Tokens below 40 per cent are underlined.`}>
      <span>{from}</span>
      <span className="legend-scale">
        {shades.map((shade) => (
          <i key={shade.fill} style={{ background: shade.fill }} />
        ))}
      </span>
      <span>{to}</span>
      <span className="legend-low">
        <u>underlined</u> p &lt; 0.4
      </span>
    </div>
  );
}

export function whyUnknown({ endsAt, ...strip }: Pick<TokenStrip, "source" | "tokenizer" | "endsAt">): string {
  const end = endsAt === undefined ? "" : ` The strip ends at character ${endsAt.toLocaleString("en")}; the whole text is under raw.`;
  return whyNoProbability(strip) + end;
}

function whyNoProbability({ source, tokenizer }: Pick<TokenStrip, "source" | "tokenizer">): string {
  const name = tokenizer ?? "an unnamed tokenizer";
  switch (source) {
    case "tokenizer":
      return `Probabilities unknown: the provider sent none. Tokens by ${name}, this model's own tokenizer.`;
    case "tokenizer-estimate":
      return `Probabilities unknown: the provider sent none. Tokens by ${name}, a stand-in: their borders and number are estimates.`;
    case "none":
      return "Tokens unknown: the provider sent none, and no tokenizer is known for this model.";
    case "logprobs":
    case "local":
      return "Probabilities unknown for these tokens.";
  }
}
