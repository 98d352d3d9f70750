import { useMemo } from "react";
import type { BenchShow } from "../state/bench-place.ts";
import { isDark, useSettings } from "../state/settings.ts";
import { TokenCanvas } from "../strip/token-canvas.tsx";
import { shortName } from "./bench-commands.ts";
import { describeBenchToken } from "./describe-bench-token.ts";
import { type EncodedText, shownTokens } from "./encoded-text.ts";
import { benchShades, shadesOfTokens } from "./token-shades.ts";

/** The tokens of a text as running text, as their ids or as their bytes. lit  by token; those beyond its end are not lit */
export function TokenStripOf({
  encoded,
  name,
  show,
  lit,
  selected,
  isFollowed = true,
  onSelect,
}: {
  encoded: EncodedText;
  name: string;
  show: BenchShow;
  lit: Uint8Array | undefined;
  selected: number | undefined;
  isFollowed?: boolean;
  onSelect: (token: number) => void;
}) {
  const settings = useSettings();
  const theme = isDark(settings) ? "dark" : "light";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the style sheet, which follows the theme
  const shades = useMemo(benchShades, [theme]);
  const shown = useMemo(() => shownTokens(encoded, show), [encoded, show]);
  const drawn = useMemo(() => shadesOfTokens(encoded), [encoded]);
  const tokens = useMemo(() => {
    const lights = new Uint8Array(shown.length);
    if (lit) lights.set(lit.subarray(0, shown.length));
    return { shown, shades, ...drawn, lit: lights };
  }, [shown, shades, drawn, lit]);
  return (
    <TokenCanvas
      tokens={tokens}
      name={name}
      label={`Tokens under ${shortName(encoded.tokenizer)}`}
      describe={(token) => describeBenchToken(encoded, token)}
      selected={selected}
      isFollowed={isFollowed}
      onSelect={onSelect}
    />
  );
}
