import type { Span } from "@cutaway/core";

/** A value of a JSON text and where it stands. Values nested deeper than `maxDepth` are not looked into. */
export type JsonNode = { span: Span } & (
  | { type: "object"; members: { key: string; node: JsonNode }[] }
  | { type: "array"; items: JsonNode[] }
  | { type: "string"; value: string }
  | { type: "number"; value: number }
  | { type: "boolean"; value: boolean }
  | { type: "null" }
  | { type: "deeper" }
);

/**
 * The values of a JSON text with their places, which `JSON.parse` does not tell.
 * text  must be JSON: check it with `scanJson` before
 */
export function jsonNodes(text: string, maxDepth = 32): JsonNode {
  const token = /\s*("[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+)/gy;
  let start = 0;
  const next = (): string => {
    const found = token.exec(text)?.[1] ?? "";
    start = token.lastIndex - found.length;
    return found;
  };
  const skip = () => {
    for (let open = 1; open > 0; ) {
      const found = next();
      if (found === "") return;
      if (found === "{" || found === "[") open++;
      else if (found === "}" || found === "]") open--;
    }
  };
  const value = (first: string, depth: number): JsonNode => {
    const from = start;
    const span = () => ({ start: from, end: token.lastIndex });
    const isObject = first === "{";
    if (!isObject && first !== "[") return scalar(first, span());
    if (depth >= maxDepth) {
      skip();
      return { type: "deeper", span: span() };
    }
    const members: { key: string; node: JsonNode }[] = [];
    const items: JsonNode[] = [];
    for (let found = next(); found !== "}" && found !== "]" && found !== ""; found = next()) {
      if (found === ",") continue;
      if (!isObject) {
        items.push(value(found, depth + 1));
        continue;
      }
      next();
      members.push({ key: JSON.parse(found), node: value(next(), depth + 1) });
    }
    return isObject ? { type: "object", members, span: span() } : { type: "array", items, span: span() };
  };
  return value(next(), 0);
}

function scalar(source: string, span: Span): JsonNode {
  const value: unknown = JSON.parse(source);
  if (typeof value === "string") return { type: "string", value, span };
  if (typeof value === "number") return { type: "number", value, span };
  return typeof value === "boolean" ? { type: "boolean", value, span } : { type: "null", span };
}
