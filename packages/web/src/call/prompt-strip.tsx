import type { Call, SegmentKind } from "@cutaway/core";
import { useMemo, useState } from "react";
import { formatCount } from "../format/numbers.ts";
import { showCommand } from "../format/shell.ts";
import { CopyLine } from "../parts/copy-line.tsx";
import { themeColour } from "../parts/use-canvas.ts";
import { isDark, useSettings } from "../state/settings.ts";
import { css, mix, type Rgb } from "../strip/cividis.ts";
import { type Light, litPromptTokens } from "../strip/lights.ts";
import { inkOn, type Shade } from "../strip/shades.ts";
import { litByToken } from "../strip/strip-scene.ts";
import { TokenCanvas } from "../strip/token-canvas.tsx";
import { describePromptToken, type PromptTokens, segmentKinds, tokenBehind } from "./prompt-tokens.ts";

/** The prompt token by token in the colours of its parts; special tokens stand out, and what was left out is a mark where it is missing. */
export function PromptStrip({ call, tokens, lights }: { call: Call; tokens: PromptTokens; lights: readonly Light[] }) {
  const settings = useSettings();
  const theme = isDark(settings) ? "dark" : "light";
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are read from the style sheet, which follows the theme
  const shades = useMemo(shadesOfParts, [theme]);
  const drawn = useMemo(() => {
    const count = tokens.shown.length;
    const shade = new Uint8Array(count);
    const low = new Uint8Array(count);
    for (let i = 0; i < count; i++) {
      const token = tokenBehind(tokens, i)?.token;
      shade[i] = token ? segmentKinds.indexOf(token.segment) * 2 + (token.special ? 1 : 0) : gapShade;
      low[i] = token?.special ? 1 : 0;
    }
    return { shown: tokens.shown, shade, shades, low, lit: litByToken(count, litPromptTokens(lights, tokens.gap)), unnumbered: tokens.gap };
  }, [tokens, shades, lights]);
  const [selected, setSelected] = useState<number>();
  return (
    <>
      <p className="prompt-key">
        {tokens.counts.map(({ kind, tokens: count }) => (
          <span key={kind}>
            <i className={`swatch segment-${kind}`} aria-hidden="true" />
            {kind} <b>{formatCount(count)}</b>
          </span>
        ))}
        {tokens.special > 0 && (
          <span>
            <u>special</u> <b>{formatCount(tokens.special)}</b>
          </span>
        )}
      </p>
      <TokenCanvas
        tokens={drawn}
        name="prompt-strip"
        label="Tokens of the prompt"
        describe={(token) => describePromptToken(tokens, token)}
        selected={selected}
        onSelect={setSelected}
      />
      <div className="prompt-command">
        <CopyLine text={showCommand(call.id, ".call.prompt")} what="the command that prints these tokens" />
      </div>
    </>
  );
}

const gapShade = segmentKinds.length * 2;

/** For each part its ordinary tokens, then its special ones; last, the mark of what was left out. */
function shadesOfParts(): Shade[] {
  const paper = rgb(themeColour("--paper-2"));
  const shade = (colour: Rgb): Shade => ({ fill: css(colour), ink: css(inkOn(colour)) });
  const part = (kind: SegmentKind) => {
    const colour = rgb(themeColour(`--seg-${kind}`));
    return [shade(mix(colour, paper, 0.72)), shade(colour)];
  };
  return [...segmentKinds.flatMap(part), shade(rgb(themeColour("--lit")))];
}

/** `#rrggbb`, as the theme writes its colours. */
const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
