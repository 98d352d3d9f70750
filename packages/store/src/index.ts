export type { DatabaseOptions } from "./open-database.ts";
export { openStore } from "./open-store.ts";
export type {
  Bodies,
  CallRow,
  Entry,
  Experiment,
  ExperimentRow,
  ExperimentStatus,
  ListQuery,
  NewExperiment,
  NewRow,
  Store,
  StoredCall,
  StoredFinding,
} from "./store.ts";
