import type { Severity, Span } from "@cutaway/core";
import type { CountRegion, Lint } from "@cutaway/tokenizer/explain";
import type { RowFormat, TermAudit } from "@cutaway/tokenizer/reports";
import { json, post } from "./tokenizers.ts";

export type { CountRegion, Lint, RowFormat, Severity, Span, TermAudit };

/** Why the count changed from one text to the other. */
export interface CountDiff {
  before: number;
  after: number;
  same: number;
  minimal: boolean;
  /** Places where the tokens are others; `regions` has the first of them. */
  places: number;
  regions: CountRegion[];
}

export interface DiffRequest {
  tokenizer: string;
  text: string;
  other: string;
  special: boolean;
  add: boolean;
}

export interface AuditRequest {
  tokenizer: string;
  terms: string;
  format: RowFormat;
  provider?: string;
  model?: string;
}

export const explainedApi = {
  diff: async (request: DiffRequest, signal?: AbortSignal): Promise<CountDiff> =>
    (await json(await post("/api/tokenizers/diff", { ...request }, signal))) as CountDiff,

  lints: async (tokenizer: string, text: string, signal?: AbortSignal): Promise<{ found: number; lints: Lint[] }> =>
    (await json(await post("/api/tokenizers/lints", { tokenizer, text }, signal))) as { found: number; lints: Lint[] },

  audit: async (request: AuditRequest, signal?: AbortSignal): Promise<TermAudit> =>
    (await json(await post("/api/tokenizers/audit", { ...request }, signal))) as TermAudit,

  auditCsv: async (request: AuditRequest): Promise<Blob> => (await post("/api/tokenizers/audit", { ...request, as: "csv" })).blob(),
};
