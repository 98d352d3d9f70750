import type { PricedModel, Rate, Schedule } from "./price-list.ts";

/** The rates that hold at a moment: the last change whose date and hours fit; the first rates where none does. */
export function scheduleAt(model: PricedModel, at: Date): Schedule {
  const holds = ({ from, hours }: Schedule) => (from === undefined || at.getTime() >= Date.parse(from)) && (hours === undefined || within(hours, at));
  return model.changes?.findLast(holds) ?? model;
}

/** US dollars per million, for a call with that many input tokens. */
export function rateFor(rate: Rate, inputTokens: number): number {
  if (typeof rate === "number") return rate;
  let price = rate[0] as number;
  for (let i = 1; i + 1 < rate.length; i += 2) if (inputTokens > (rate[i] as number)) price = rate[i + 1] as number;
  return price;
}

/** The size of call above which this rate has left its base, if it has. */
export function tierStart(rate: Rate | undefined, inputTokens: number): number | undefined {
  if (rate === undefined || typeof rate === "number") return undefined;
  let start: number | undefined;
  for (let i = 1; i + 1 < rate.length; i += 2) if (inputTokens > (rate[i] as number)) start = rate[i];
  return start;
}

function within([start, end]: [string, string], at: Date): boolean {
  const now = at.getUTCHours() * 3600 + at.getUTCMinutes() * 60 + at.getUTCSeconds();
  const [from, to] = [seconds(start), seconds(end)];
  return to < from ? now >= from || now < to : now >= from && now < to;
}

const seconds = (time: string) => Number(time.slice(0, 2)) * 3600 + Number(time.slice(3, 5)) * 60;
