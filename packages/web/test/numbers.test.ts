import { newCallId } from "@cutaway/core";
import { expect, test } from "vitest";
import { formatBytes, formatMs, formatProbability, formatShort, formatUsd } from "../src/format/numbers.ts";
import { formatCallTime, formatClock, formatListTime, timeOf } from "../src/format/times.ts";

const spaced = (text: string) => text.replaceAll("\u00a0", " ");

test.each([
  [undefined, "–"],
  [0, "0 ms"],
  [0.25, "0.25 ms"],
  [7.5, "7.5 ms"],
  [419.7, "420 ms"],
  [999.6, "1.00 s"],
  [59_994, "59.99 s"],
  [59_996, "1 m 00 s"],
  [125_400, "2 m 05 s"],
])("%s ms → %s", (ms, says) => expect(spaced(formatMs(ms))).toBe(says));

test.each([
  [undefined, "–"],
  [0, "$0"],
  [0.000_000_9, "$0.0000009"],
  [0.000_087_4, "$0.0000874"],
  [0.0102, "$0.0102"],
  [0.5, "$0.50"],
  [12.345, "$12.35"],
  [-0.01, "−$0.01"],
])("%s USD → %s", (usd, says) => expect(formatUsd(usd)).toBe(says));

test.each([
  [undefined, "–"],
  [0, "0.00%"],
  [0.000_05, "<0.01%"],
  [0.004, "0.40%"],
  [0.255, "25.5%"],
  [0.9975, "99.75%"],
  [0.999_99, ">99.99%"],
  [1, "100.00%"],
])("probability %s → %s", (p, says) => expect(formatProbability(p)).toBe(says));

test("short counts and sizes", () => {
  expect([undefined, 999, 1000, 99_940, 99_960, 999_499, 1_500_000].map(formatShort)).toEqual(["–", "999", "1.0k", "99.9k", "100k", "999k", "1.5M"]);
  expect([0, 999, 1000, 2_500_000].map((bytes) => spaced(formatBytes(bytes)))).toEqual(["0 B", "999 B", "1.0 kB", "2.5 MB"]);
});

test("a clock names the day when it is not this one", () => {
  const noon = new Date(2026, 10, 22, 12, 3, 4).getTime();
  expect(formatClock(noon, new Date(2026, 10, 22).getTime())).toBe("12:03:04");
  expect(formatClock(noon, new Date(2026, 10, 23).getTime())).toBe("11-22 12:03");
  expect(formatClock(noon, new Date(2027, 0, 1).getTime())).toBe("2026-11-22");
});

test("a call has its own time, else its answer's, else says that it is the time of import", () => {
  const noon = new Date(2026, 10, 22, 12, 3, 4).getTime();
  const later = new Date(2026, 10, 22, 14, 0, 0).getTime();
  const call = { id: newCallId(later), origin: "file" as const };
  expect(timeOf({ ...call, issued: noon, created: later })).toEqual({ at: noon, is: "issued" });
  const made = timeOf({ ...call, created: noon });
  expect([formatListTime(made, later), formatCallTime(made)]).toEqual(["12:03:04", "answered 2026-11-22 12:03:04"]);
  const imported = timeOf({ ...call, created: 8e18 });
  expect([formatListTime(imported, later), formatCallTime(imported)]).toEqual(["imported 14:00", "imported 2026-11-22 14:00:00.000"]);
  expect(timeOf({ ...call, origin: "proxy" }).is).toBe("recorded");
});
