import { isDark, useSettings } from "../state/settings.ts";
import { css } from "../strip/cividis.ts";
import { shareColour, signedColour } from "./share-colours.ts";

/** What the colours of shares mean: equal steps are equal steps of the square root. */
export function ShareLegend({ what }: { what: string }) {
  const dark = isDark(useSettings());
  return (
    <div className="legend" role="img" aria-label={`Colours of ${what}, from 0 to 100 per cent, on a square-root scale.`}>
      <span>{what} 0</span>
      <span className="legend-scale">
        {Array.from({ length: 16 }, (_, i) => (
          <i key={i} style={{ background: css(shareColour((i / 15) ** 2, dark)) }} />
        ))}
      </span>
      <span>100%</span>
    </div>
  );
}

/** Blue takes away from the logit, orange adds. */
export function SignedLegend({ most }: { most: string }) {
  const dark = isDark(useSettings());
  return (
    <div className="legend" role="img" aria-label={`Blue: against the token, down to −${most}. Orange: for it, up to ${most}.`}>
      <span>against −{most}</span>
      <span className="legend-scale">
        {Array.from({ length: 17 }, (_, i) => (
          <i key={i} style={{ background: css(signedColour((i - 8) / 8, dark)) }} />
        ))}
      </span>
      <span>for +{most}</span>
    </div>
  );
}
