import type { JsonObject, JsonValue, LanguagePlace, Span } from "@cutaway/core";

/** JSON as text with line breaks, and where in the text each part of it stands, its name included, by JSON pointer. */
export interface PointedText {
  text: string;
  spans: ReadonlyMap<string, Span>;
}

export function pointedText(value: JsonValue): PointedText {
  const spans = new Map<string, Span>();
  let text = "";
  const write = (part: JsonValue, pointer: string, depth: number, name?: string) => {
    const start = text.length;
    if (name !== undefined) text += `${JSON.stringify(name)}: `;
    if (Array.isArray(part))
      list(
        "[",
        "]",
        part.map((item, index) => [String(index), item]),
        false,
        pointer,
        depth,
      );
    else if (typeof part === "object" && part !== null) list("{", "}", entriesOf(part), true, pointer, depth);
    else text += JSON.stringify(part);
    spans.set(pointer, { start, end: text.length });
  };
  const list = (open: string, close: string, items: readonly [key: string, item: JsonValue][], areNamed: boolean, pointer: string, depth: number) => {
    text += open;
    let isFirst = true;
    for (const [key, item] of items) {
      text += `${isFirst ? "" : ","}\n${"  ".repeat(depth + 1)}`;
      isFirst = false;
      write(item, `${pointer}/${escaped(key)}`, depth + 1, areNamed ? key : undefined);
    }
    text += isFirst ? close : `\n${"  ".repeat(depth)}${close}`;
  };
  write(value, "", 0);
  return { text, spans };
}

const entriesOf = (object: JsonObject): [key: string, item: JsonValue][] => Object.entries(object).map(([key, item]) => [key, item ?? null]);

const escaped = (key: string): string => key.replaceAll("~", "~0").replaceAll("/", "~1");

/** Where a place of a schema stands: its keyword, else the part that it is in; undefined where the text has neither. */
export function spanOfPlace({ spans }: PointedText, { pointer, keyword }: LanguagePlace): Span | undefined {
  if (pointer === undefined) return undefined;
  const bare = pointer.replace(/^#/, "");
  return (keyword === undefined ? undefined : spans.get(`${bare}/${escaped(keyword)}`)) ?? spans.get(bare);
}

/** Where a line, from 1, of a grammar's text stands. */
export function spanOfLine(text: string, line: number): Span | undefined {
  let start = 0;
  for (let i = 1; i < line; i++) {
    start = text.indexOf("\n", start) + 1;
    if (start === 0) return undefined;
  }
  const end = text.indexOf("\n", start);
  return { start, end: end < 0 ? text.length : end };
}
