import type { DatabaseSync } from "node:sqlite";
import { type CallId, CutawayError, type JsonObject, plain } from "@cutaway/core";
import type { Experiment, ExperimentRow, ExperimentStatus, NewExperiment } from "./store.ts";

/** Reads and writes the tables of experiments. Whoever calls holds the transaction. */
export interface Experiments {
  /** What is there under this id, else the new one. @throws `experiment-differs` */
  open(experiment: NewExperiment): Experiment;
  get(id: string): Experiment | undefined;
  /** Newest first. */
  list(about?: CallId): Experiment[];
  setStatus(id: string, status: ExperimentStatus): boolean;
  /** In the order of the plan. */
  rows(id: string): ExperimentRow[];
  /** Without its calls. */
  remove(id: string): boolean;
  /** The calls that only the experiment shows. */
  arms(id: string): CallId[];
}

export function experimentsIn(db: DatabaseSync): Experiments {
  const insert = db.prepare(
    "insert into experiments (id, name, spec, created, status, call_id) values (:id, :name, :spec, :created, 'running', :about) on conflict (id) do nothing",
  );
  const select = db.prepare("select * from experiments where id = ?");
  const all = db.prepare("select * from experiments order by created desc, id desc");
  const about = db.prepare("select * from experiments where call_id = ? order by created desc, id desc");
  const status = db.prepare("update experiments set status = ? where id = ?");
  const rows = db.prepare("select r.*, c.cost from experiment_rows r join calls c on c.id = r.call_id where r.experiment = ? order by r.position");
  const remove = db.prepare("delete from experiments where id = ?");
  const arms = db.prepare("select call_id from experiment_rows where experiment = ? and role = 'arm' order by position");
  const get = (id: string) => {
    const row = select.get(id);
    return row && experimentOf(row);
  };

  return {
    open({ id, name, spec, created = Date.now(), about: call }) {
      const text = JSON.stringify(plain(spec));
      insert.run({ id, name, spec: text, created, about: call ?? null });
      const stored = get(id) as Experiment;
      if (JSON.stringify(stored.spec) !== text) {
        throw new CutawayError("experiment-differs", `experiment ${id} is in the store with another plan`, {
          fix: "Give the changed experiment another name, or delete the one that is there.",
          data: { experiment: id },
        });
      }
      return stored;
    },
    get,
    list: (call) => (call === undefined ? all.all() : about.all(call)).map(experimentOf),
    setStatus: (id, now) => status.run(now, id).changes > 0,
    rows: (id) => rows.all(id).map(rowOf),
    remove: (id) => remove.run(id).changes > 0,
    arms: (id) => arms.all(id).map(({ call_id }) => call_id as CallId),
  };
}

type Columns = Record<string, unknown>;

function experimentOf({ id, name, spec, created, status, call_id }: Columns): Experiment {
  return {
    id: id as string,
    name: name as string,
    spec: JSON.parse(spec as string) as JsonObject,
    created: created as number,
    status: status as ExperimentStatus,
    ...(call_id !== null && { about: call_id as CallId }),
  };
}

function rowOf({ experiment, key, position, case_name, factors, repeat, role, outcome, call_id, cost }: Columns): ExperimentRow {
  return {
    experiment: experiment as string,
    key: key as string,
    position: position as number,
    case: case_name as string,
    factors: JSON.parse(factors as string) as Record<string, string>,
    repeat: repeat as number,
    role: role as ExperimentRow["role"],
    outcome: outcome as ExperimentRow["outcome"],
    call: call_id as CallId,
    ...(cost !== null && { cost: cost as number }),
  };
}
