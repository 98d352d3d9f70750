import type { Call } from "@cutaway/core";
import type { Bodies } from "@cutaway/store";

/** Where the proxy hands over what it recorded. */
export interface Recorder {
  begin(call: Call, bodies: Bodies): void;
  /** The call is durable when this returns, unless the store cannot take it now; then it is kept in memory and tried again. */
  put(call: Call, bodies: Bodies): void;
  /** The call will not change any more: time to look for findings. */
  finished(call: Call): void;
  /** This call is not recorded, and why. The reason is told once. */
  lost(error: unknown): void;
}

/** How much of one body is recorded, in bytes after decoding. Real answers are below 1 MB; the rest is passed on unrecorded. */
export const recordingLimit = 64 * 1024 * 1024;
