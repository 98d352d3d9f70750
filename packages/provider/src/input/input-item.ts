import type { CallEvent, CallId } from "@cutaway/core";

/**
 * One thing found in what a person handed over. `from` says where: the name, with line or entry number.
 * `unsupported` is also a line that is not JSON (`invalid-json`): one bad line does not lose the rest.
 */
export type InputItem =
  | { kind: "call"; events: CallEvent[]; from: string; bodies: { request?: Uint8Array; response?: Uint8Array }; id?: CallId }
  | { kind: "unsupported"; name: string; from: string; says: string };
