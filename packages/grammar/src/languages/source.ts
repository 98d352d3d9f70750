import type { ConstraintKind, ConstraintOptions, JsonValue, LanguagePlace } from "@cutaway/core";
import type { Expressions, Node } from "../expressions/index.ts";

/** Where a language is written down. */
export type LanguageSource =
  | { kind: "json-schema"; schema: JsonValue }
  | { kind: "json" }
  | { kind: "regex"; pattern: string }
  | { kind: "gbnf" | "lark"; text: string }
  | { kind: "choice"; texts: readonly string[] };

/** How it is read; what says nothing about the source at hand is not looked at. */
export interface LanguageReading extends Pick<ConstraintOptions, "whitespace" | "propertyOrder" | "checkAfter" | "after"> {
  /** The token that the text of a special token stands for: grammars may ask for it. */
  tokenId?(text: string): number | undefined;
}

/** A language, ready to be matched. */
export interface Language {
  kind: ConstraintKind;
  expressions: Expressions;
  /** Closed. */
  root: Node;
  /** What of a schema the language does not hold: it is looser there. */
  checkedAfter: (LanguagePlace & { says: string })[];
  /** What somebody may not expect. */
  notices: string[];
  compileMs: number;
}
