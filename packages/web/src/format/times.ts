import { type CallId, callIdTime, type Origin } from "@cutaway/core";

const pad = (n: number, width = 2) => String(n).padStart(width, "0");

/** Local time of day, to the second today, with the date in front on another day. ms, now  milliseconds since the epoch. */
export function formatClock(ms: number, now: number): string {
  const at = new Date(ms);
  const clock = `${pad(at.getHours())}:${pad(at.getMinutes())}`;
  const today = new Date(now);
  if (at.toDateString() === today.toDateString()) return `${clock}:${pad(at.getSeconds())}`;
  const day = `${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return at.getFullYear() === today.getFullYear() ? `${day} ${clock}` : `${at.getFullYear()}-${day}`;
}

/** A call's time and what that time is: when it was sent; else when the answer says it was made; else when it came into the store. */
export interface CallTime {
  /** Milliseconds since the epoch, within what a Date holds. */
  at: number;
  is: "issued" | "created" | "imported" | "recorded";
}

/** created  milliseconds since the epoch, as a provider says it: any number */
export function timeOf({ id, issued, created, origin }: { id: CallId; issued?: number; created?: number; origin: Origin["kind"] }): CallTime {
  if (issued !== undefined) return { at: issued, is: "issued" };
  if (created !== undefined && !Number.isNaN(new Date(created).getTime())) return { at: created, is: "created" };
  return { at: callIdTime(id), is: origin === "file" ? "imported" : "recorded" };
}

/** As narrow as the list needs it: a time that is not the call's own says so, to the minute. */
export function formatListTime({ at, is }: CallTime, now: number): string {
  if (is === "issued" || is === "created") return formatClock(at, now);
  return `${is} ${formatClock(at, now).replace(/:\d\d$/, "")}`;
}

const explained: Record<CallTime["is"], string> = {
  issued: "",
  created: "answered ",
  imported: "imported ",
  recorded: "recorded ",
};

/** Local date and time, with what it is where that is not the moment of sending. A provider tells whole seconds. */
export function formatCallTime({ at, is }: CallTime): string {
  const instant = formatInstant(at);
  return explained[is] + (is === "created" ? instant.replace(/\.\d+$/, "") : instant);
}

/** Local date and time to the millisecond. */
export function formatInstant(ms: number): string {
  const at = new Date(ms);
  const day = `${at.getFullYear()}-${pad(at.getMonth() + 1)}-${pad(at.getDate())}`;
  return `${day} ${pad(at.getHours())}:${pad(at.getMinutes())}:${pad(at.getSeconds())}.${pad(at.getMilliseconds(), 3)}`;
}
