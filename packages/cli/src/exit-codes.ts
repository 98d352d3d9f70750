import type { ErrorKind } from "@cutaway/core";

/** What the shell sees. The table of `--help` and of `docs/cli.md`. */
export const exitCodes: readonly { code: number; means: string }[] = [
  { code: 0, means: "done" },
  { code: 1, means: "unexpected error: a defect of Cutaway" },
  { code: 2, means: "usage, configuration, or input that cannot be read" },
  { code: 4, means: "a key is missing or was refused" },
  { code: 5, means: "network or provider" },
  { code: 6, means: "stopped by --max-cost or --max-calls; what was done is kept" },
  { code: 7, means: "ran, but could not verify" },
  { code: 100, means: "a finding reached --fail-on, or a text is not of its language" },
  { code: 130, means: "interrupted by Ctrl-C (143: by SIGTERM); what was done is kept" },
];

const ofKind: Record<ErrorKind, number> = { internal: 1, usage: 2, auth: 4, network: 5, budget: 6, unverified: 7, interrupted: 130 };

export const exitCodeOf = (kind: ErrorKind): number => ofKind[kind];

export const findingsReached = 100;

/** A text is not of the language that it was checked against. */
export const languageReached = 100;
