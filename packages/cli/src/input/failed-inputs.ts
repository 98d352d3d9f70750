import { CutawayError, isCutawayError } from "@cutaway/core";
import { explainSystemError, isDiskFull } from "../system-error.ts";
import { counted } from "../terminal/numbers.ts";

/** What became of inputs that could not be read or kept, while the others went on. */
export interface FailedInputs {
  /** For `failed` in JSON. */
  readonly list: readonly { from: string; code: string; message: string }[];
  /**
   * Takes what was thrown; anything that is no CutawayError is thrown on.
   * kept  how many calls this command stored so far
   * @returns whether to go on with the next input
   */
  add(thrown: unknown, from: string, kept: number): boolean;
  /** Throws if an input failed: its own error where it is the only one, or where nothing was `read` at all. */
  end(inputs: number, read: number): void;
}

export function createFailedInputs(): FailedInputs {
  const errors: CutawayError[] = [];
  const list: { from: string; code: string; message: string }[] = [];
  return {
    list,
    add(thrown, from, kept) {
      const explained = explainSystemError(thrown, from);
      if (!isCutawayError(explained)) throw explained;
      const full = isDiskFull(explained);
      const error = full ? withKept(explained, kept) : explained;
      errors.push(error);
      list.push({ from, code: error.code, message: error.message });
      return !full;
    },
    end(inputs, read) {
      const [first] = errors;
      if (first && (errors.length === 1 || read === 0)) throw first;
      if (first)
        throw new CutawayError(
          "inputs-failed",
          `${errors.length} of ${inputs} inputs could not be read: ${errors.map(({ message }) => message).join("; ")}`,
        );
    },
  };
}

function withKept(error: CutawayError, kept: number): CutawayError {
  const before = kept === 0 ? "no call was stored" : `${counted(kept, "call")} ${kept === 1 ? "was" : "were"} stored before that`;
  const { kind, data, fix, cause } = error;
  return new CutawayError(error.code, `${error.message}; ${before}`, { kind, data, cause, ...(fix !== undefined && { fix }) });
}
