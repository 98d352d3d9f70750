import type { CallId } from "@cutaway/core";
import type { CallRow } from "@cutaway/store";

export type { CallDiff } from "@cutaway/metrics";
export type { CallRow };

export interface CallPage {
  rows: CallRow[];
  /** Pass as `before` for the page of older calls. */
  next?: CallId;
}

export interface About {
  version: string;
  /** Where the recording proxy passes calls on to, by provider. */
  proxy: { openai: string | null; anthropic: string | null };
  store: string;
  rules: { id: string; title: string; doc: string }[];
}

export interface Imported {
  ids: CallId[];
  unsupported: { name: string; says: string }[];
}
