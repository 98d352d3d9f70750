import { readFileSync } from "node:fs";
import { Command, Option } from "commander";
import type { CommandSpec, OptionSpec } from "./command.ts";
import { commands, groups } from "./commands.ts";
import { exitCodes } from "./exit-codes.ts";
import { programName, typed } from "./typed-command.ts";

/** What the command line asks for. */
export interface Invocation {
  spec: CommandSpec;
  args: string[];
  options: Record<string, unknown>;
}

/** Options that every command takes, before or after its name. */
const commonOptions: readonly OptionSpec[] = [
  { flags: "--json", says: "data as JSON on standard output" },
  { flags: "--no-color", says: "no colours (also NO_COLOR)" },
  { flags: "-q, --quiet", says: "no notices and no progress" },
];

/** The parser of the whole command line; `chosen` is told which command to run. */
export function buildProgram(chosen: (invocation: Invocation) => void): Command {
  const program = new Command(programName)
    .description("Shows why a language-model call came out as it did.")
    .version(version(), "-V, --version", "print the version")
    .helpOption("-h, --help", `show help; ${programName} COMMAND --help for one command`)
    .helpCommand("help [command]", "show help of a command")
    .addHelpText("after", () => `\n${examplesText(firstSteps)}\n\n${exitCodesText()}`);
  for (const option of commonOptions) program.addOption(optionFrom(option));
  for (const spec of commands) addCommand(program, spec, chosen);
  return program;
}

function addCommand(program: Command, spec: CommandSpec, chosen: (invocation: Invocation) => void): void {
  const [first = "", second] = spec.name.split(" ");
  const parent = second === undefined ? program : groupOf(program, first);
  const command = parent
    .command(`${second ?? first} ${spec.args}`.trim())
    .summary(spec.summary)
    .description(spec.details ? `${sentence(spec.summary)}\n\n${spec.details}` : sentence(spec.summary))
    .helpOption("-h, --help", "show help")
    .addHelpText("after", () => `\n${examplesText(spec.examples)}`);
  for (const option of [...spec.options, ...commonOptions]) command.addOption(optionFrom(option));
  command.action((..._given) => chosen({ spec, args: command.args, options: { ...command.optsWithGlobals(), ...given(command) } }));
}

/** Options of the command itself win over defaults of the program's options of the same name. */
const given = (command: Command): Record<string, unknown> =>
  Object.fromEntries(Object.entries(command.opts()).filter(([name]) => command.getOptionValueSource(name) === "cli"));

function groupOf(program: Command, name: string): Command {
  const summary = groups[name] ?? "";
  return (
    program.commands.find((command) => command.name() === name) ??
    program.command(name).summary(summary).description(sentence(summary)).helpOption("-h, --help", "show help")
  );
}

function optionFrom(spec: OptionSpec): Option {
  const option = new Option(spec.flags, spec.says);
  if (spec.repeatable)
    return option.argParser((text: string, before: unknown[] | undefined) => [...(before ?? []), spec.parse ? spec.parse(text) : text]);
  return spec.parse ? option.argParser(spec.parse) : option;
}

const firstSteps: CommandSpec["examples"] = [
  ["cutaway demo", "six real calls that go wrong, explained and proved"],
  ["cutaway explain answer.json", "why did this answer come out so?"],
  ["cutaway proxy", "record the calls of your program"],
  ["cutaway view", "the workbench"],
];

function examplesText(written: CommandSpec["examples"]): string {
  const examples = written.map(([line, says]) => [typed(line), says] as const);
  const width = Math.max(...examples.map(([line]) => line.length));
  const fits = examples.every(([, says]) => width + says.length < 76);
  return ["Examples:", ...examples.map(([line, says]) => (fits ? `  ${line.padEnd(width)}  ${says}` : `  ${line}\n      ${says}`))].join("\n");
}

const exitCodesText = () => ["Exit codes:", ...exitCodes.map(({ code, means }) => `  ${String(code).padStart(3)}  ${means}`)].join("\n");

const sentence = (summary: string) => `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;

export function version(): string {
  const json: unknown = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  return (json as { version: string }).version;
}
