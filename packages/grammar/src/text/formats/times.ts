import { oneOf } from "../one-of.ts";
import { choice, literal, sequence, type Text } from "../text.ts";

const leapYear = "(?:\\d\\d(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)";

/** RFC 3339, full-date: days that the month has in that year. */
export const datePattern = [
  "\\d{4}-(?:0[13578]|1[02])-(?:0[1-9]|[12]\\d|3[01])",
  "\\d{4}-(?:0[469]|11)-(?:0[1-9]|[12]\\d|30)",
  "\\d{4}-02-(?:0[1-9]|1\\d|2[0-8])",
  `${leapYear}-02-29`,
].join("|");

const hourAndMinute = "(?:[01]\\d|2[0-3]):[0-5]\\d";

/** RFC 3339, full-time, without leap seconds. */
export const timePattern = `${hourAndMinute}:[0-5]\\d(?:\\.\\d+)?(?:[Zz]|[+-]${hourAndMinute})`;

/**
 * RFC 3339, full-time in a leap second: the sixtieth, where it is 23:59 in UTC. Offsets in quarters of an hour, as all that are in use; a time with another
 * offset has no sixtieth second here.
 */
export const leapSeconds = (fraction: Text): Text => {
  const quarters = Array.from({ length: 96 }, (_, i) => 15 * i);
  const offsets = new Map<string, string[]>([["23:59", ["Z", "z"]]]);
  for (const offset of quarters)
    for (const sign of [1, -1]) {
      const local = clock(23 * 60 + 59 + sign * offset);
      const same = offsets.get(local) ?? [];
      offsets.set(local, [...same, (sign > 0 ? "+" : "-") + clock(offset)]);
    }
  return choice(...[...offsets].map(([local, of]) => sequence(literal(`${local}:60`), fraction, oneOf(of))));
};

const clock = (minutes: number): string => {
  const within = (minutes + 1440) % 1440;
  return `${String(Math.floor(within / 60)).padStart(2, "0")}:${String(within % 60).padStart(2, "0")}`;
};

const time = "T(?:\\d+H(?:\\d+M(?:\\d+S)?)?|\\d+M(?:\\d+S)?|\\d+S)";
const date = "(?:\\d+Y(?:\\d+M(?:\\d+D)?)?|\\d+M(?:\\d+D)?|\\d+D)";

/** RFC 3339, appendix A: units in order, none left out between two. */
export const durationPattern = `P(?:${date}(?:${time})?|${time}|\\d+W)`;
