import type { Text } from "../text/index.ts";

/** What stands on the right of a rule or of a terminal. `position`: in UTF-16 units. */
export type Expression =
  | { readonly kind: "text"; readonly text: Text }
  | { readonly kind: "name"; readonly name: string; readonly position: number }
  | { readonly kind: "token"; readonly id: number; readonly position: number }
  | { readonly kind: "json"; readonly schema: unknown; readonly position: number }
  | { readonly kind: "sequence" | "choice"; readonly parts: readonly Expression[] }
  | { readonly kind: "both"; readonly parts: readonly Expression[]; readonly position: number }
  | { readonly kind: "not"; readonly part: Expression; readonly position: number }
  | { readonly kind: "repeat"; readonly part: Expression; readonly min: number; readonly max: number | undefined };

export interface Definition {
  readonly body: Expression;
  readonly position: number;
}

/** A grammar as it was written. */
export interface LarkGrammar {
  /** By name: rules in small letters, terminals in capitals. */
  readonly definitions: Map<string, Definition>;
  /** What may stand between any two terminals. */
  readonly ignored: Expression[];
}

export const isTerminalName = (name: string): boolean => /^_?[A-Z]/.test(name);
