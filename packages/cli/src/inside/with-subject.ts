import type { JsonValue } from "@cutaway/core";
import type { Session } from "../session.ts";
import type { Line } from "../terminal/line.ts";
import { lineWidth } from "../terminal/width.ts";
import { wrap } from "../terminal/wrap.ts";
import { openSubject, type Subject, type SubjectOptions } from "./subject.ts";

/** What a view gives: data for programs, lines for people. */
export interface Shown {
  json: object;
  lines(width: number, colour: boolean): Line[];
}

/** Opens what is looked at, shows one view of it, closes it. `asks`: what it asks about; a view of the whole text takes no `--token` with a prompt. */
export async function withSubject(
  argument: string | undefined,
  options: SubjectOptions,
  session: Session,
  show: (subject: Subject) => Promise<Shown>,
  asks: "token" | "text" = "token",
): Promise<undefined> {
  const { out } = session;
  const subject = await openSubject(argument, options, session, asks);
  try {
    const { json, lines } = await show(subject);
    if (out.json) out.printJson(JSON.parse(JSON.stringify({ model: subject.model.info.name, ...json }, numbers)) as JsonValue);
    else out.print(...fitted(lines(out.width, out.colour), out.width));
  } finally {
    await subject.close();
  }
}

/** Lines that are too wide go on below. */
export const fitted = (lines: readonly Line[], width: number): Line[] =>
  lines.flatMap((line) => (lineWidth(line) > width ? wrap(line, width, 2) : [line]));

/** Packed numbers as arrays; what is no number as null. */
const numbers = (_: string, value: unknown): unknown => (ArrayBuffer.isView(value) ? Array.from(value as Float32Array) : value);
