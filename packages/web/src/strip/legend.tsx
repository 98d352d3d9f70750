import type { TokenStrip } from "@cutaway/core";
import { useMemo } from "react";
import { isDark, useSettings } from "../state/settings.ts";
import { shadeCount, shadesOf } from "./shades.ts";

/** What the shades mean; or, where there are none, why. */
export function StripLegend({ strip, hasProbabilities }: { strip: TokenStrip; hasProbabilities: boolean }) {
  if (hasProbabilities) return <ProbabilityScale />;
  return <p className="strip-note">{whyUnknown(strip)}</p>;
}

function ProbabilityScale() {
  const settings = useSettings();
  const dark = isDark(settings);
  const shades = useMemo(() => shadesOf(dark ? "dark" : "light").filter((_, i) => i % 4 === 0 || i === shadeCount - 1), [dark]);
  return (
    <div className="legend" role="img" aria-label="Shades of probability, from 0 per cent to 100 per cent. Tokens below 40 per cent are underlined.">
      <span>p 0</span>
      <span className="legend-scale">
        {shades.map((shade) => (
          <i key={shade.fill} style={{ background: shade.fill }} />
        ))}
      </span>
      <span>1</span>
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
