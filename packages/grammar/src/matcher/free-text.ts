import type { Expressions, Node } from "../expressions/index.ts";
import type { CompiledGrammar } from "./grammar.ts";

/** What ends a stretch of free text: a text such as `</think>`, or a special token by its id. */
export type Marker = { text: string } | { token: number };

/** Any text up to the first marker, the marker itself, then the grammar: free thinking before the structured part. */
export function afterFreeText({ expressions, root }: CompiledGrammar, marker: Marker): CompiledGrammar {
  return { expressions, root: expressions.sequence(untilMarker(expressions, marker), root) };
}

function untilMarker(expressions: Expressions, marker: Marker): Node {
  if ("token" in marker) return expressions.sequence(expressions.anyBytes, expressions.token(marker.token));
  const text = expressions.text(marker.text);
  // Up to the first marker: no shorter beginning ends in one.
  const endsInMarker = expressions.sequence(expressions.anyBytes, text);
  return expressions.without(endsInMarker, expressions.sequence(endsInMarker, expressions.anyByte, expressions.anyBytes));
}
