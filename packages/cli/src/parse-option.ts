import { CutawayError } from "@cutaway/core";

const wrong = (what: string, text: string, fix: string) =>
  new CutawayError("bad-option", `${what}: "${text}" will not do`, { fix, data: { value: text } });

/** A whole number from `least` up. */
export const wholeNumber =
  (what: string, least: number, most = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || !Number.isSafeInteger(value) || value < least || value > most) {
      const range = most === Number.MAX_SAFE_INTEGER ? `${least} or more` : `${least} to ${most}`;
      throw wrong(what, text, `Give a whole number, ${range}.`);
    }
    return value;
  };

/** Whole numbers from `least` up, with commas between them. */
export const wholeNumbers =
  (what: string, least: number) =>
  (text: string): number[] => {
    const numbers = text.split(",").map((item) => wholeNumber(what, least)(item.trim()));
    if (new Set(numbers).size < numbers.length) throw wrong(what, text, "Give each number once.");
    return numbers;
  };

/** A part of 1: above 0 and below 1. */
export const decimalPart =
  (what: string) =>
  (text: string): number => {
    const value = decimalNumber(what)(text);
    if (value <= 0 || value >= 1) throw wrong(what, text, "Give a part between 0 and 1, e.g. 0.1.");
    return value;
  };

/** A decimal number; the range is for those who know what it is for. */
export const decimalNumber =
  (what: string) =>
  (text: string): number => {
    const value = Number(text);
    if (!/^-?(\d+\.?\d*|\.\d+)(e-?\d+)?$/i.test(text) || !Number.isFinite(value)) throw wrong(what, text, "Give a number, e.g. 0.7.");
    return value;
  };

/** A number of US dollars, 0 or more; a leading `$` is taken. */
export function dollars(text: string): number {
  const digits = /^\$?(\d+\.?\d*|\.\d+)$/.exec(text)?.[1];
  const value = Number(digits ?? Number.NaN);
  if (!Number.isFinite(value)) throw wrong("--max-cost", text, "Give US dollars, e.g. 0.50.");
  return value;
}

/** An http or https URL without a key in it. */
export const httpUrl =
  (what: string) =>
  (text: string): string => {
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || (url.protocol !== "http:" && url.protocol !== "https:")) throw wrong(what, text, "Give a URL, e.g. http://127.0.0.1:8000/v1.");
    if (url.username || url.password)
      throw new CutawayError("bad-option", `${what}: a URL with a user name or password is not taken`, { fix: "Give keys in the environment." });
    return text.replace(/\/+$/, "");
  };

/** A date, or a date with a time; without an offset it is UTC. */
export const isoDate =
  (what: string) =>
  (text: string): Date => {
    const match = /^\d{4}-\d{2}-\d{2}(?<time>T[\d:.]+)?(?<zone>Z|[+-]\d{2}:\d{2})?$/.exec(text);
    const date = new Date(match?.groups?.time && !match.groups.zone ? `${text}Z` : text);
    if (!match || Number.isNaN(date.getTime()) || !isDay(text.slice(0, 10))) throw wrong(what, text, "Give a date, e.g. 2026-08-15.");
    return date;
  };

/** Whether the calendar has the day: `Date` takes 30 February for 2 March. */
const isDay = (day: string): boolean => new Date(day).toISOString().startsWith(day);

/** A name as it is; none at all is refused. */
export const someName =
  (what: string) =>
  (text: string): string => {
    if (text.trim() === "") throw wrong(what, text, "Give a name, or leave the option out.");
    return text;
  };

export const oneOf =
  (what: string, choices: readonly string[]) =>
  (text: string): string => {
    if (!choices.includes(text)) throw wrong(what, text, `Choose ${choices.join(" or ")}.`);
    return text;
  };

export const commaList = (text: string): string[] =>
  text
    .split(",")
    .map((item) => item.trim())
    .filter((item) => item !== "");
