import { CutawayError, isCutawayError } from "@cutaway/core";
import { CommanderError } from "commander";
import { exitCodeOf } from "./exit-codes.ts";
import { watchInterrupts } from "./interrupts.ts";
import { createOutput, type Output } from "./output.ts";
import { buildProgram, type Invocation } from "./program.ts";
import { openSession } from "./session.ts";
import { explainSystemError } from "./system-error.ts";
import { type Line, line, strong } from "./terminal/line.ts";
import { typed } from "./typed-command.ts";

/** The command line from arguments to exit code. */
async function main(argv: string[]): Promise<number> {
  watchOutput();
  let output = outputFor({ json: argv.includes("--json"), color: !argv.includes("--no-color") });
  try {
    const invocation = parse(argv);
    if (!invocation) return 0;
    output = outputFor(invocation.options);
    return await runCommand(invocation, output);
  } catch (error) {
    return fail(error, output);
  }
}

function parse(argv: string[]): Invocation | undefined {
  let chosen: Invocation | undefined;
  const program = buildProgram((invocation) => {
    chosen = invocation;
  });
  for (const command of [program, ...program.commands, ...program.commands.flatMap((group) => group.commands)]) {
    command.exitOverride().configureOutput({ outputError: () => {} });
  }
  if (argv.length === 0) {
    program.outputHelp();
    return undefined;
  }
  try {
    program.parse(argv, { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    throw usageError(error, argv);
  }
  return chosen;
}

async function runCommand({ spec, args, options }: Invocation, output: Output): Promise<number> {
  const interrupts = watchInterrupts(process.env);
  const session = openSession(output, process.env, interrupts.signal);
  try {
    const { run } = await spec.load();
    const code = await run(args, options, session);
    if (interrupts.signal.aborted) return Number(interrupts.signal.reason);
    return code ?? 0;
  } catch (error) {
    if (!interrupts.signal.aborted || !isCutawayError(error) || error.kind !== "interrupted") throw error;
    fail(error, output);
    return Number(interrupts.signal.reason);
  } finally {
    interrupts.stop();
    session.close();
    output.status(undefined);
  }
}

const outputFor = (options: Record<string, unknown>): Output =>
  createOutput({
    json: options.json === true,
    quiet: options.quiet === true,
    color: options.color !== false,
    env: process.env,
    stdout: process.stdout,
    stderr: process.stderr,
  });

/** Commander's words in ours: what was wrong, then what to do. */
function usageError(error: CommanderError, argv: string[]): CutawayError {
  const [first = "", ...rest] = error.message.split("\n");
  const message = first.replace(/^error: /, "").replace(/'([^']*)'/g, '"$1"');
  const suggestion = rest.join(" ").match(/\(Did you mean (.*)\?\)/)?.[1];
  const command = argv.find((argument) => !argument.startsWith("-"));
  const help = error.code === "commander.unknownCommand" || !command ? "cutaway --help" : `cutaway ${command} --help`;
  if (error.code === "commander.help") return new CutawayError("no-command", `name one of the commands of ${command ?? "cutaway"}`);
  return new CutawayError("usage", message, { fix: suggestion ? `Did you mean ${suggestion}?` : `See ${help}.`, cause: error });
}

function fail(thrown: unknown, output: Output): number {
  const error = explainSystemError(thrown);
  const known = isCutawayError(error);
  const fix = known && error.fix ? typed(error.fix) : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (output.json) {
    const code = known ? error.code : "internal";
    process.stderr.write(`${JSON.stringify({ schema: "cutaway/error", version: 1, code, message, fix: fix ?? null })}\n`);
  } else {
    const lines: Line[] = [line(strong("cutaway: "), message || "failed without a message")];
    if (fix) lines.push(...fix.split("\n").map((row) => line(`  ${row}`)));
    if (!known) lines.push(line("  This is a defect of Cutaway. CUTAWAY_DEBUG=1 shows where it happened; please report it."));
    output.complain(...lines);
  }
  if (process.env.CUTAWAY_DEBUG && error instanceof Error) process.stderr.write(`${stackOf(error)}\n`);
  return known ? exitCodeOf(error.kind) : 1;
}

function stackOf(error: Error): string {
  const cause = error.cause instanceof Error ? `\ncaused by: ${stackOf(error.cause)}` : "";
  return `${error.stack ?? error.message}${cause}`;
}

/** The reader of a pipe may have seen enough (`| head`): the work ends there, and that is no failure. Any other failure to write is. */
function watchOutput(): void {
  const failed = (name: string) => (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(0);
    const why = error.code === "ENOSPC" ? "the disk is full" : error.message;
    if (name === "standard output") process.stderr.write(`cutaway: ${name} could not be written: ${why}\n`);
    process.exit(2);
  };
  process.stdout.on("error", failed("standard output"));
  process.stderr.on("error", failed("standard error"));
}

process.exitCode = await main(process.argv.slice(2));
