import type { Call, CallErrorKind, CallId, Cost, Finding, FinishReason, JsonObject, Origin, Parameters, Verification } from "@cutaway/core";

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
   * With `row`, the call and its row of an experiment are written together or not at all.
   * @returns the call with `bodies` naming the stored bytes.
   * @throws `experiment-not-found`; `row-exists` where another call has the row's key
   */
  put(entry: Entry): Call;
  /** Stores what was found out about a call, and leaves the call as it is. @returns false where it is not there any more. */
  annotate(id: CallId, notes: Pick<Entry, "findings" | "cost">): boolean;
  get(id: CallId): StoredCall | undefined;
  /**
   * The call that a person means: a full id, a unique beginning of one (at least 4 characters, any case), `latest`, `latest~3` (3 before it; arms of experiments are left out).
   * @throws `call-not-found`, `call-ambiguous`
   */
  resolve(reference: string): CallId;
  /** Newest first, without the arms of experiments unless the query asks for them. */
  list(query?: ListQuery): { rows: CallRow[]; next?: CallId };
  /** The bytes whose SHA-256 this is (hex). */
  body(hash: string): Uint8Array | undefined;
  /** The first call read from a file that has exactly these bytes and no others: the same recording, read before. No bytes are no recording. */
  sameRecording(bodies: Bodies): CallId | undefined;
  /** Earlier calls to compare a call with: of the same session, or of the same model where there is no session; never arms of experiments. Oldest first, the nearest `limit`. */
  related(call: Call, limit?: number): Call[];
  /** @returns how many were there. Bodies that no other call has are deleted too, a call's row, and the experiments about it with their arms. */
  delete(ids: CallId[]): number;
  /** What was written or deleted after `sequence`, by any process, each id once, oldest change first; arms of experiments left out. Begin with 0, or with `lastSequence()`. */
  changedSince(sequence: number): { sequence: number; ids: CallId[] };
  lastSequence(): number;
  /** The experiment under this id: the one that is there, else a new one, `running`. @throws `experiment-differs` where the one that is there has another spec */
  openExperiment(experiment: NewExperiment): Experiment;
  experiment(id: string): Experiment | undefined;
  /** Newest first. about  only those about this call */
  experiments(query?: { about?: CallId }): Experiment[];
  /** @returns false where it is not there. */
  setExperimentStatus(id: string, status: ExperimentStatus): boolean;
  /** The finished calls of an experiment, in the order of its plan. */
  rows(experiment: string): ExperimentRow[];
  /** With the calls that are its arms; calls that it only names as cases stay. @returns false where it was not there. */
  deleteExperiment(id: string): boolean;
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
  row?: NewRow;
}

/** `running`: not ended, perhaps because its process died. `stopped`: at a cap or by the user; it can go on. `failed`: too many of its calls met errors. */
export type ExperimentStatus = "running" | "done" | "stopped" | "failed";

export interface Experiment {
  id: string;
  name: string;
  /** What was planned, as the lab describes it. */
  spec: JsonObject;
  /** Milliseconds since the epoch. */
  created: number;
  status: ExperimentStatus;
  /** The call that it is about, which it goes with when that call is deleted. */
  about?: CallId;
}

export type NewExperiment = Omit<Experiment, "status" | "created"> & { created?: number };

/** The place of a call in an experiment. */
export interface NewRow {
  experiment: string;
  /** Names the planned call; an experiment has each key once. */
  key: string;
  /** In the plan, from 0. */
  position: number;
  /** Which of the experiment's cases. */
  case: string;
  /** The level of each factor. */
  factors: Record<string, string>;
  /** From 0. */
  repeat: number;
  /** `arm`: made for the experiment and shown with it only. `case`: a call in its own right, which lists show. */
  role: "arm" | "case";
  /** `error`: the call failed, which is neither a pass nor a fail. `unscored`: it was answered. */
  outcome: "error" | "unscored";
}

export interface ExperimentRow extends NewRow {
  call: CallId;
  /** US dollars, where known. */
  cost?: number;
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
  /** `verdict` of those that were put to the test. */
  findings: (Pick<Finding, "rule" | "severity" | "certainty"> & { verdict?: Verification["verdict"] })[];
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
  /** The calls of one experiment, or `any`: arms of experiments among the other calls. Absent: no arms. */
  experiment?: string;
}
