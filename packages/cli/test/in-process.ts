import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isCutawayError } from "@cutaway/core";
import { exitCodeOf } from "../src/exit-codes.ts";
import { createOutput } from "../src/output.ts";
import { buildProgram, type Invocation } from "../src/program.ts";
import { openSession } from "../src/session.ts";

/** What a command line came to. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
  /** The code of the error it ended with. */
  error?: string;
  /** What it wrote beside: names under the folder, and contents. They are gone again, the store apart. */
  files: Record<string, string>;
}

export interface Run {
  env?: NodeJS.ProcessEnv;
  isTerminal?: boolean;
  /** Of commands that go on until they are stopped: called when they have printed something; then they are stopped. */
  meanwhile?: (printed: string) => Promise<unknown>;
}

/** The command line without a process of its own: the same parser, commands and exit codes, in the folder that is current. */
export async function runInProcess(args: string[], { env = {}, isTerminal = false, meanwhile }: Run = {}): Promise<Outcome> {
  const written = { stdout: "", stderr: "" };
  let onPrinted = () => {};
  const stream = (name: keyof typeof written) =>
    ({
      isTTY: isTerminal,
      columns: 100,
      write(part: string | Uint8Array) {
        written[name] += typeof part === "string" ? part : Buffer.from(part).toString();
        if (name === "stdout") onPrinted();
        return true;
      },
    }) as unknown as NodeJS.WriteStream;
  const before = contents(process.cwd());
  const controller = new AbortController();
  let code: number;
  let error: string | undefined;
  try {
    const { spec, args: given, options } = parse(args);
    const output = createOutput({
      json: options.json === true,
      quiet: options.quiet === true,
      color: false,
      env,
      stdout: stream("stdout"),
      stderr: stream("stderr"),
    });
    const session = openSession(output, { HOME: process.cwd(), CUTAWAY_DIR: join(process.cwd(), "store"), ...env }, controller.signal);
    try {
      const { run } = await spec.load();
      const printed = new Promise<void>((resolve) => {
        onPrinted = resolve;
      });
      const running = run(given, options, session);
      if (meanwhile) {
        await Promise.race([printed, running]);
        await meanwhile(written.stdout);
        controller.abort(130);
      }
      code = (await running) ?? 0;
    } finally {
      session.close();
    }
  } catch (thrown) {
    if (!isCutawayError(thrown) && !(thrown as { code?: string }).code?.startsWith("commander.")) throw thrown;
    code = isCutawayError(thrown) ? exitCodeOf(thrown.kind) : 2;
    error = (thrown as { code: string }).code;
    written.stderr += (thrown as Error).message;
  }
  const after = contents(process.cwd());
  const files = Object.fromEntries(Object.entries(after).filter(([name, text]) => before[name] !== text));
  for (const name of Object.keys(files)) {
    if (before[name] === undefined) rmSync(name);
    else writeFileSync(name, before[name], "latin1");
  }
  return { code, ...written, ...(error !== undefined && { error }), files };
}

function parse(args: string[]): Invocation {
  let chosen: Invocation | undefined;
  const program = buildProgram((invocation) => {
    chosen = invocation;
  });
  for (const command of [program, ...program.commands, ...program.commands.flatMap((group) => group.commands)])
    command.exitOverride().configureOutput({ outputError: () => {} });
  program.parse(args, { from: "user" });
  if (!chosen) throw new Error(`no command: ${args.join(" ")}`);
  return chosen;
}

/** Small files of the folder, those of the store apart. */
function contents(folder: string, under = ""): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of readdirSync(join(folder, under))) {
    const path = join(under, name);
    const entry = statSync(join(folder, path));
    if (/^store/.test(path)) continue;
    if (entry.isDirectory()) Object.assign(found, contents(folder, path));
    else found[path] = entry.size < 200_000 ? readFileSync(join(folder, path), "latin1") : `${entry.size} bytes`;
  }
  return found;
}

/** Makes an empty folder the current one. */
export function enterEmptyFolder(): { folder: string; leave(): void } {
  const from = process.cwd();
  const folder = mkdtempSync(join(tmpdir(), "cutaway-options-"));
  process.chdir(folder);
  return {
    folder,
    leave() {
      process.chdir(from);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
