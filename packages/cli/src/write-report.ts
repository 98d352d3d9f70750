import { CutawayError, type JsonObject } from "@cutaway/core";
import type { Session } from "./session.ts";
import { type Line, line } from "./terminal/line.ts";
import { bytes } from "./terminal/numbers.ts";
import { writeFileAtomically } from "./write-file.ts";

export interface ReportOptions {
  csv?: boolean;
  html?: string;
  force?: boolean;
}

export interface Report {
  /** Of the command. */
  name: string;
  json(): JsonObject;
  csv(): string;
  /** command  as it was typed */
  html(command: string): Promise<string>;
  lines(width: number): Line[];
}

/** Refuses `--force` where no file is written. */
export const refuseIdle = ({ html, force }: ReportOptions): void => refuseWithout("--html", html, { "--force": force });

/** Refuses options that do nothing without another one. */
export function refuseWithout(needed: string, value: unknown, options: Record<string, unknown>): void {
  if (value !== undefined) return;
  const idle = Object.keys(options).find((name) => options[name] !== undefined);
  if (idle !== undefined) throw new CutawayError("usage", `${idle} does nothing without ${needed}`, { fix: `Give ${needed}, or leave ${idle} out.` });
}

/** A report as it is asked for: for a terminal, as JSON or CSV on standard output, and beside it as a page in a file. */
export async function writeReport({ csv, html, force = false }: ReportOptions, { out }: Session, report: Report): Promise<void> {
  if (csv && out.json) throw new CutawayError("usage", `${report.name}: --csv and --json both choose the output`, { fix: "Give one of them." });
  if (html !== undefined) {
    const page = await report.html(commandTyped());
    writeFileAtomically(html, page, force);
    out.say(line(`wrote ${html} (${bytes(Buffer.byteLength(page))})`));
  }
  if (out.json) out.printJson(report.json());
  else if (csv) out.write(report.csv());
  else out.print(...report.lines(out.width));
}

/** Quoted for a shell where a word needs it. */
const commandTyped = (): string =>
  ["cutaway", ...process.argv.slice(2)].map((word) => (/^[\w@%+=:,./~-]+$/.test(word) ? word : quoted(word))).join(" ");

const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`;
