import { isDark, useSettings } from "../state/settings.ts";
import { css } from "../strip/cividis.ts";
import { scaleColour, signedColour } from "./share-colours.ts";

/** What the colours mean. `isRoot`: equal steps of colour are equal steps of the square root. */
export function ShareLegend({ what, isRoot = false }: { what: string; isRoot?: boolean }) {
  const dark = isDark(useSettings());
  return (
    <div className="legend" role="img" aria-label={`Colours of ${what}, from 0 to 100 per cent${isRoot ? ", on a square-root scale" : ""}.`}>
      <span>{what} 0</span>
      <span className="legend-scale">
        {Array.from({ length: 16 }, (_, i) => (
          <i key={i} style={{ background: css(scaleColour(i / 15, dark)) }} />
        ))}
      </span>
      <span>100%{isRoot && " (√)"}</span>
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
