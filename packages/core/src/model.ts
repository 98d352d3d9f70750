import type { ModelRef } from "./call.ts";
import type { CallEvent } from "./events.ts";
import type { Request } from "./request.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** What a model lets its caller see. A view or test that needs more says so by name instead of guessing. */
export interface Access {
  text: true;
  logprobs?: { depth: number; prompt: boolean };
  internals?: true;
  seed?: boolean;
  grammar?: boolean;
  deterministic?: boolean;
}

/** Anything that answers a call: a remote API, a local runtime. */
export interface Model {
  ref: ModelRef;
  access: Access;
  contextWindow?: number;
  tokenizer?: { exact: boolean; tokenizer: Tokenizer };
  /** Ends with a `closed` event, also after an error or an abort; throws only for what is wrong before anything is sent. */
  call(request: Request, signal?: AbortSignal): AsyncIterable<CallEvent>;
}
