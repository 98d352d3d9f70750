import type { Session } from "./session.ts";

/** A command as data: help, documentation and tests derive from it; its code is imported only when it runs. */
export interface CommandSpec {
  /** `explain`, or `tokens count` for a command of a group. */
  name: string;
  /** Arguments in commander's notation. */
  args: string;
  summary: string;
  /** What more there is to say, under the usage line. */
  details?: string;
  options: OptionSpec[];
  examples: [commandLine: string, says: string][];
  load(): Promise<CommandModule>;
}

export interface OptionSpec {
  /** In commander's notation: `-o, --output <file>`. */
  flags: string;
  says: string;
  /** From the text of the command line to the value; throws a CutawayError when it is wrong. */
  parse?: (text: string) => unknown;
  /** May be given more than once; the values come as an array. */
  repeatable?: boolean;
}

export interface CommandModule {
  /** Returns an exit code when it is not 0. */
  run(args: string[], options: object, session: Session): Promise<number | undefined>;
}
