import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { contrast, type Rgb } from "../src/strip/cividis.ts";

const css = readFileSync(new URL("../src/style/theme.css", import.meta.url), "utf8");

function coloursOf(theme: string): Map<string, Rgb> {
  const block = css.slice(css.indexOf(`[data-theme="${theme}"]`));
  const own = block.slice(0, block.indexOf("}"));
  return new Map(
    Array.from(own.matchAll(/--([\w-]+): #([0-9a-f]{6});/g), ([, name = "", hex = ""]) => [
      name,
      [0, 2, 4].map((i) => Number.parseInt(hex.slice(i, i + 2), 16)) as unknown as Rgb,
    ]),
  );
}

const texts = ["ink", "ink-2", "ink-3", "accent", "problem", "warning", "note", "good"];
const papers = ["paper", "paper-2", "paper-3"];
const pairs: [text: string, paper: string][] = [
  ...texts.flatMap((text) => papers.map((paper): [string, string] => [text, paper])),
  ["on-accent", "accent"],
  ["ink", "accent-paper"],
  ["ink-2", "accent-paper"],
  ["ink-3", "accent-paper"],
  ["problem", "accent-paper"],
  ["warning", "accent-paper"],
  ["note", "accent-paper"],
  ["accent", "accent-paper"],
  ["ink", "lit-paper"],
  ["ink-2", "lit-paper"],
  ["ink", "problem-paper"],
  ["ink-2", "problem-paper"],
  ["ink", "token-a"],
  ["ink", "token-b"],
];

test.each(["dark", "light"])("text of the %s theme reads at 4.5:1 or better wherever it stands", (theme) => {
  const colours = coloursOf(theme);
  const at = (name: string): Rgb => {
    const colour = colours.get(name);
    if (!colour) throw new Error(`the theme has no --${name}`);
    return colour;
  };
  const weak = pairs
    .map(([text, paper]) => ({ pair: `${text} on ${paper}`, ratio: contrast(at(text), at(paper)) }))
    .filter(({ ratio }) => ratio < 4.5);
  expect(weak).toEqual([]);
});

test.each(["dark", "light"])("the light on evidence stands out from the %s paper at 3:1 or better", (theme) => {
  const colours = coloursOf(theme);
  for (const paper of ["paper", "paper-2", "token-a", "token-b"]) {
    expect(contrast(colours.get("lit") as Rgb, colours.get(paper) as Rgb), paper).toBeGreaterThanOrEqual(3);
  }
});
