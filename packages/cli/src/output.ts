import type { JsonValue } from "@cutaway/core";
import type { Line } from "./terminal/line.ts";
import { paint } from "./terminal/paint.ts";

/** Where a command writes: data on `print`, everything else on `say`. */
export interface Output {
  /** Columns for what `print` writes, 60 to 120; 100 where no terminal tells. */
  width: number;
  /** Whether data goes out as JSON; `print` is not to be used then. */
  json: boolean;
  quiet: boolean;
  /** Whether `print` uses colours; what colours say must be said otherwise without them. */
  colour: boolean;
  /** Standard error is a terminal: a progress line may be redrawn. */
  live: boolean;
  /** A person sits in front: standard output is a terminal. */
  interactive: boolean;
  print(...lines: Line[]): void;
  printJson(value: JsonValue): void;
  /** Data as it is: JSON in parts, raw bodies. */
  write(text: string | Uint8Array): void;
  /** A notice on standard error; silent with `--quiet`. */
  say(...lines: Line[]): void;
  /** On standard error even with `--quiet`: errors. */
  complain(...lines: Line[]): void;
  /** Replaces the progress line on a live standard error; undefined takes it away. */
  status(text: string | undefined): void;
}

export interface OutputOptions {
  json: boolean;
  quiet: boolean;
  color: boolean;
  env: NodeJS.ProcessEnv;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
}

export function createOutput({ json, quiet, color, env, stdout, stderr }: OutputOptions): Output {
  const colourOut = usesColour(stdout, color, env);
  const colourErr = usesColour(stderr, color, env);
  const live = stderr.isTTY === true && !env.CI && env.TERM !== "dumb";
  let statusShown = false;

  const status = (text: string | undefined) => {
    if (!live || quiet) return;
    if (text === undefined && !statusShown) return;
    stderr.write(`\r\x1b[2K${text === undefined ? "" : paint([{ text: text.slice(0, (stderr.columns || 80) - 1), style: "dim" }], colourErr)}`);
    statusShown = text !== undefined;
  };
  const complain = (...lines: Line[]) => {
    status(undefined);
    for (const line of lines) stderr.write(`${paint(line, colourErr)}\n`);
  };
  const write = (text: string | Uint8Array) => {
    status(undefined);
    stdout.write(text);
  };

  return {
    width: widthFor(stdout, env),
    json,
    quiet,
    colour: colourOut,
    live,
    interactive: stdout.isTTY === true,
    write,
    status,
    complain,
    print: (...lines) => write(lines.map((line) => `${paint(line, colourOut)}\n`).join("")),
    printJson: (value) => write(`${JSON.stringify(value, null, 2)}\n`),
    say: (...lines) => {
      if (!quiet) complain(...lines);
    },
  };
}

/** The rules of no-color.org and force-color.org; `--no-color` beats both. */
function usesColour(stream: NodeJS.WriteStream, color: boolean, env: NodeJS.ProcessEnv): boolean {
  if (!color || env.NO_COLOR) return false;
  if (env.FORCE_COLOR !== undefined) return env.FORCE_COLOR !== "0" && env.FORCE_COLOR !== "false";
  return stream.isTTY === true && env.TERM !== "dumb" && !env.CI;
}

function widthFor(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): number {
  const columns = stream.columns ?? Number(env.COLUMNS);
  return Number.isFinite(columns) && columns > 0 ? Math.min(Math.max(columns, 60), 120) : 100;
}
