import { useMemo } from "react";
import { isDark, useSettings } from "../state/settings.ts";
import { type Colouring, coloursOf } from "./colouring.ts";
import { describeToken } from "./describe-token.ts";
import type { LitTokens } from "./lights.ts";
import { shadesOf } from "./shades.ts";
import { litByToken, lowByToken, shadesByToken } from "./strip-scene.ts";
import { TokenCanvas } from "./token-canvas.tsx";
import type { StripTokens } from "./tokens.ts";
import { Track } from "./track.tsx";

/** The tokens of an answer, shaded by how sure the model was, with the whole of it at a glance above. */
export function TokenStrip({
  tokens,
  colouring,
  lit: ranges,
  selected,
  onSelect,
}: {
  tokens: StripTokens;
  colouring: Colouring;
  lit: readonly LitTokens[];
  selected: number | undefined;
  onSelect: (token: number) => void;
}) {
  const settings = useSettings();
  const theme = isDark(settings) ? "dark" : "light";
  const colours = useMemo(() => coloursOf(tokens, colouring), [tokens, colouring]);
  const shades = useMemo(() => shadesOf(theme), [theme]);
  const low = useMemo(() => lowByToken(tokens.probability), [tokens]);
  const lit = useMemo(() => litByToken(tokens.shown.length, ranges), [tokens, ranges]);
  const drawn = useMemo(() => ({ shown: tokens.shown, shade: shadesByToken(colours.sure), shades, low, lit }), [tokens, colours, shades, low, lit]);
  return (
    <TokenCanvas
      tokens={drawn}
      name="strip"
      label="Tokens of the answer"
      describe={(token) => describeToken(tokens, token)}
      selected={selected}
      onSelect={onSelect}
      {...(tokens.hasProbabilities && {
        above: (window) => (
          <Track colours={colours} colouring={colouring} lit={lit} shades={shades} window={window} selected={selected} onSelect={onSelect} />
        ),
      })}
    />
  );
}
