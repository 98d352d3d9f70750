import { expect, test } from "vitest";
import { cividis, contrast, luminance, type Rgb } from "../src/strip/cividis.ts";
import { shadeCount, shadeOf, shadesOf, unknownShade } from "../src/strip/shades.ts";

const rgb = (css: string): Rgb => css.match(/\d+/g)?.map(Number) as unknown as Rgb;

test("cividis runs from dark blue to yellow, its lightness always rising", () => {
  // Ends of the published table: (0, 34, 78) and (254, 232, 56), within the error of the fit.
  expect(cividis(0)[2]).toBeGreaterThan(70);
  expect(cividis(0)[0]).toBeLessThan(10);
  expect(cividis(1)[0]).toBeGreaterThan(245);
  expect(cividis(1)[2]).toBeLessThan(75);
  const steps = Array.from({ length: 101 }, (_, i) => luminance(cividis(i / 100)));
  for (let i = 1; i < steps.length; i++) expect(steps[i]).toBeGreaterThanOrEqual(steps[i - 1] as number);
});

test.each(["dark", "light"] as const)("text on every shade of the %s theme reads at 4.5:1 or better", (theme) => {
  for (const { fill, ink } of shadesOf(theme)) expect(contrast(rgb(fill), rgb(ink))).toBeGreaterThanOrEqual(4.5);
});

test.each(["dark", "light"] as const)("on the %s theme, lightness orders the shades by probability", (theme) => {
  const light = shadesOf(theme).map(({ fill }) => luminance(rgb(fill)));
  const ordered = theme === "dark" ? light.toReversed() : light;
  for (let i = 1; i < ordered.length; i++) expect((ordered[i] as number) - (ordered[i - 1] as number)).toBeGreaterThan(-0.002);
});

test("an unknown probability has no shade of the map", () => {
  expect(shadeOf(Number.NaN)).toBe(unknownShade);
  expect([0, 1].map(shadeOf)).toEqual([0, shadeCount - 1]);
});
