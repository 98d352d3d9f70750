import { themeColour } from "../parts/use-canvas.ts";
import { css, mix, type Rgb } from "../strip/cividis.ts";
import { inkOn, type Shade } from "../strip/shades.ts";
import { type EncodedText, markOf } from "./encoded-text.ts";

/** Hues in turn, so that neighbours differ; they mean nothing else. */
const hues = ["--seg-system", "--seg-user", "--seg-context", "--seg-tools"];
/** Kinds that are told apart from text. */
export const markedKinds = ["special", "unknown", "byte"] as const;
const kindColours = { special: "--accent", unknown: "--problem", byte: "--ink-3" } as const;

export function benchShades(): Shade[] {
  const paper = rgb(themeColour("--paper-2"));
  const shade = (colour: Rgb): Shade => ({ fill: css(colour), ink: css(inkOn(colour)) });
  return [
    ...hues.map((name) => shade(mix(rgb(themeColour(name)), paper, 0.68))),
    ...markedKinds.map((kind) => shade(rgb(themeColour(kindColours[kind])))),
  ];
}

/** [tokens] index into `benchShades`, and 1 where the token is underlined: special and unknown ones are not told by colour alone. */
export function shadesOfTokens(encoded: EncodedText): { shade: Uint8Array; low: Uint8Array } {
  const marked =
    encoded.packed.entryIds.length > 0 ? Array.from(encoded.packed.entryIds, (_, entry) => markedKinds.indexOf(markOf(encoded, entry) as never)) : [];
  const shade = new Uint8Array(encoded.entry.length);
  const low = new Uint8Array(encoded.entry.length);
  encoded.entry.forEach((entry, i) => {
    const kind = marked[entry] as number;
    shade[i] = kind === -1 ? i % hues.length : hues.length + kind;
    low[i] = kind === -1 ? 0 : 1;
  });
  return { shade, low };
}

/** `#rrggbb`, as the theme writes its colours. */
const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)) as unknown as Rgb;
