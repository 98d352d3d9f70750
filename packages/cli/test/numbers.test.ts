import { describe, expect, it } from "vitest";
import { bytes, count, milliseconds, percent, probability, usd, usdExact } from "../src/terminal/numbers.ts";

describe("numbers as people read them", () => {
  it("groups thousands", () => {
    expect([0, 999, 1204, 1_234_567, 1234.5].map(count)).toEqual(["0", "999", "1,204", "1,234,567", "1,234.5"]);
  });

  it("shows dollars to three digits, or whole cents", () => {
    expect([0, 0.000181, 0.5, 0.999, 1, 12.4, 1234.567].map(usd)).toEqual(["$0", "$0.000181", "$0.5", "$0.999", "$1", "$12.40", "$1,234.57"]);
    expect(usd(1.5e-10)).toBe("$0.00000000015");
    expect(usdExact(29 * 0.15e-6)).toBe("$0.00000435");
  });

  it("shows durations in the unit they are in", () => {
    expect([0.25, 9.96, 12.4, 410, 1534, 45_210, 72_000, 119_900].map(milliseconds)).toEqual([
      "0.3 ms",
      "10 ms",
      "12 ms",
      "410 ms",
      "1.53 s",
      "45.2 s",
      "1 min 12 s",
      "2 min",
    ]);
  });

  it("never shows a part as nothing or as all", () => {
    expect([0, 0.001, 0.264, 0.9991, 1].map(percent)).toEqual(["0 %", "<1 %", "26 %", ">99 %", "100 %"]);
    expect([Math.log(0.97), Math.log(0.9994), Math.log(0.0123), Math.log(0.0000123), 0].map(probability)).toEqual([
      "97 %",
      "99.9 %",
      "1.2 %",
      "0.0012 %",
      "100 %",
    ]);
  });

  it("shows bytes", () => {
    expect([12, 1536, 104_857_600].map(bytes)).toEqual(["12 B", "1.5 kB", "105 MB"]);
  });
});
