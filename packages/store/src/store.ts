import type { Call, CallErrorKind, CallId, Cost, Finding, FinishReason, Origin, Parameters } from "@cutaway/core";

/**
 * Where calls live. Every method is one short transaction; what has returned is there for every other process,
 * and after `kill -9` (docs/store.md says what a power cut can take).
 * All methods throw `CutawayError`: `store-full`, `store-read-only`, `store-locked`, `store-corrupt`, `store-io`, `store-closed`.
 */
export interface Store {
  /** The data file, absolute; absent for a store that is only in memory. A second process opens the same calls there. */
  readonly path?: string;
  /** A call in flight: its row is there with ending `open` until `put`, and stays so if the recorder dies. */
  begin(call: Call, bodies?: Bodies): void;
  /**
   * Writes a call whole, in place of an earlier state of it. Findings and cost that are not given stay as they were.
   * @returns the call with `bodies` naming the stored bytes.
   */
  put(entry: Entry): Call;
  /** Stores what was found out about a call, and leaves the call as it is. @returns false where it is not there any more. */
  annotate(id: CallId, notes: Pick<Entry, "findings" | "cost">): boolean;
  get(id: CallId): StoredCall | undefined;
  /**
   * The call that a person means: a full id, a unique beginning of one (at least 4 characters, any case), `latest`, `latest~3` (3 before it).
   * @throws `call-not-found`, `call-ambiguous`
   */
  resolve(reference: string): CallId;
  /** Newest first. */
  list(query?: ListQuery): { rows: CallRow[]; next?: CallId };
  /** The bytes whose SHA-256 this is (hex). */
  body(hash: string): Uint8Array | undefined;
  /** The first call read from a file that has exactly these bytes and no others: the same recording, read before. No bytes are no recording. */
  sameRecording(bodies: Bodies): CallId | undefined;
  /** Earlier calls to compare a call with: of the same session, or of the same model where there is no session. Oldest first, the nearest `limit`. */
  related(call: Call, limit?: number): Call[];
  /** @returns how many were there. Bodies that no other call has are deleted too. */
  delete(ids: CallId[]): number;
  /** What was written or deleted after `sequence`, by any process, each id once, oldest change first. Begin with 0, or with `lastSequence()`. */
  changedSince(sequence: number): { sequence: number; ids: CallId[] };
  lastSequence(): number;
  close(): void;
}

/** Raw bytes as they were on the wire, content-decoded. */
export interface Bodies {
  request?: Uint8Array;
  response?: Uint8Array;
}

export interface Entry {
  call: Call;
  bodies?: Bodies;
  findings?: readonly StoredFinding[];
  cost?: Cost;
}

export interface StoredCall {
  call: Call;
  findings: StoredFinding[];
  cost?: Cost;
}

/** A Finding without its functions: they live in the rule, not in a file. */
export type StoredFinding = Omit<Finding, "change"> & { change?: { says: string; set?: Partial<Parameters> } };

/** What the list shows of a call. Times in milliseconds, cost in US dollars; absent is unknown. */
export interface CallRow {
  id: CallId;
  /** Milliseconds since the epoch. */
  issued?: number;
  /** When the answer says it was made; milliseconds since the epoch, from whole seconds. */
  created?: number;
  provider?: string;
  /** As asked; as served where the request was not recorded. */
  model?: string;
  format?: string;
  origin: Origin["kind"];
  status?: number;
  /** One an answer. */
  finish: FinishReason[];
  ending: Call["ending"];
  inputTokens?: number;
  outputTokens?: number;
  cost?: number;
  ttft?: number;
  total?: number;
  findings: Pick<Finding, "rule" | "severity" | "certainty">[];
  /** The last words of the user and the first of the answer, on one line. */
  preview: string;
  parent?: CallId;
  error?: CallErrorKind;
  session?: string;
}

export interface ListQuery {
  /** Only calls older than this one: the `next` of the page before. */
  before?: CallId;
  /** 1 to 500; 50 if absent. */
  limit?: number;
  /** A piece of the id, model, session, tag, prompt, answer or error; case does not matter. */
  search?: string;
  /** Exactly as a row shows it. */
  model?: string;
  /** Id of a rule that found something. */
  finding?: string;
  session?: string;
}
