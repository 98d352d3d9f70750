import { existsSync, readdirSync, readFileSync } from "node:fs";

const root = new URL("../../../shared/data/jsonschema/", import.meta.url);

export interface MaskBenchRecord {
  id: string;
  source: string;
  schema: unknown;
  tests: { valid: boolean; data: unknown }[];
}

export interface SuiteGroup {
  file: string;
  description: string;
  schema: unknown;
  tests: { description: string; data: unknown; valid: boolean }[];
}

export const hasData = (): boolean => existsSync(root);

const lines = <T>(file: string): T[] =>
  readFileSync(new URL(file, root), "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line) as T);

export const maskBench = (): MaskBenchRecord[] =>
  readdirSync(new URL("maskbench/", root))
    .filter((name) => name.endsWith(".jsonl"))
    .sort()
    .flatMap((name) => lines<MaskBenchRecord>(`maskbench/${name}`));

export const suite = (draft: "draft7" | "draft2020-12"): SuiteGroup[] => lines<SuiteGroup>(`test-suite/${draft}.jsonl`);

export const remotes = (): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL("test-suite/remotes.json", root), "utf8")) as Record<string, unknown>;
