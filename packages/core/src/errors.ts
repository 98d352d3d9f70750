/**
 * What kind of mistake an error is; the command line turns it into an exit code (see `docs/cli.md`).
 * `usage`: the input or the options are wrong and the user can mend them. `internal`: ours.
 */
export type ErrorKind = "usage" | "auth" | "network" | "budget" | "unverified" | "interrupted" | "internal";

export interface ErrorDetails {
  kind?: ErrorKind;
  /** Where: a file, a line, a field. For programs; the message already says it in words. */
  data?: Record<string, unknown>;
  /** What to do about it, one sentence. */
  fix?: string;
  cause?: unknown;
}

/**
 * The one error that Cutaway throws on purpose: what was wrong and where (message), what to do (fix).
 * `code` is stable and kebab-case: programs and docs refer to it.
 */
export class CutawayError extends Error {
  readonly code: string;
  readonly kind: ErrorKind;
  readonly data: Record<string, unknown>;
  readonly fix: string | undefined;

  constructor(code: string, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.name = "CutawayError";
    this.code = code;
    this.kind = details.kind ?? "usage";
    this.data = details.data ?? {};
    this.fix = details.fix;
  }
}

export const isCutawayError = (error: unknown): error is CutawayError => error instanceof CutawayError;
