/** Where a JSON text breaks. Offsets are UTF-16 code units; line and column start at 1. */
export interface JsonFault {
  offset: number;
  line: number;
  column: number;
  /** The value that was being read, from the root: `$.choices[0].message`. */
  path: string;
  /** The text ends inside a value: it looks cut off rather than wrong. */
  cutOff: boolean;
  says: string;
}

/**
 * The first fault of a text that `JSON.parse` refused, or undefined when there is none.
 * Iterative: nesting is bounded by memory, not by the stack.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const path: Frame[] = [];
  let at = 0;
  let expects = "value" as "value" | "value-or-end" | "key" | "key-or-end" | "comma-or-end" | "nothing";

  const fault = (says: string, offset = at): JsonFault => {
    const before = text.slice(0, offset);
    const line = before.split("\n").length;
    return { offset, line, column: offset - before.lastIndexOf("\n"), path: pathOf(path), cutOff: offset >= text.trimEnd().length, says };
  };
  const afterValue = () => {
    expects = path.length === 0 ? "nothing" : "comma-or-end";
  };

  for (;;) {
    while (isSpace(text.charCodeAt(at))) at++;
    const character = text[at];
    if (expects === "nothing") return character === undefined ? undefined : fault(`${shown(character)} after the end of the value`);
    if (character === undefined) return fault("the text ends before the value does");
    const frame = path[path.length - 1];

    if (expects === "comma-or-end" && frame) {
      if (character === ",") {
        if ("index" in frame) frame.index++;
        expects = "index" in frame ? "value" : "key";
      } else if (character === ("index" in frame ? "]" : "}")) {
        path.pop();
        afterValue();
      } else return fault(`${shown(character)} where "," or "${"index" in frame ? "]" : "}"}" should stand`);
      at++;
      continue;
    }
    if ((expects === "value-or-end" && character === "]") || (expects === "key-or-end" && character === "}")) {
      path.pop();
      at++;
      afterValue();
      continue;
    }
    if ((expects === "key" || expects === "key-or-end") && frame && "key" in frame) {
      if (character !== '"') return fault(`${shown(character)} where a key in double quotes should stand`);
      const string = readString(text, at);
      if ("says" in string) return fault(string.says, string.offset);
      frame.key = text.slice(at + 1, string.end - 1);
      at = string.end;
      while (isSpace(text.charCodeAt(at))) at++;
      if (at >= text.length) return fault("the text ends after a key");
      if (text[at] !== ":") return fault(`${shown(text[at] as string)} where ":" should stand`);
      at++;
      expects = "value";
      continue;
    }
    if (character === "{") {
      path.push({ key: undefined });
      expects = "key-or-end";
      at++;
    } else if (character === "[") {
      path.push({ index: 0 });
      expects = "value-or-end";
      at++;
    } else if (character === '"') {
      const string = readString(text, at);
      if ("says" in string) return fault(string.says, string.offset);
      at = string.end;
      afterValue();
    } else {
      const word = /[-+.\w]*/y;
      word.lastIndex = at;
      const found = word.exec(text)?.[0] ?? "";
      const isWhole = /^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?)$/.test(found);
      if (!isWhole)
        return fault(
          found ? `${shown(found.slice(0, 20))} is not a JSON value` : `${shown(character)} where a value should stand`,
          at + (isStartOfValue(found) && at + found.length >= text.length ? found.length : 0),
        );
      at += found.length;
      afterValue();
    }
  }
}

type Frame = { key: string | undefined } | { index: number };

const isSpace = (code: number) => code === 32 || code === 10 || code === 13 || code === 9;

const isStartOfValue = (word: string) =>
  word !== "" && (/^-?[\d.eE+-]*$/.test(word) || ["true", "false", "null"].some((whole) => whole.startsWith(word)));

const shown = (text: string) => JSON.stringify(text);

function readString(text: string, start: number): { end: number } | { says: string; offset: number } {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) return { end: at + 1 };
    if (code < 32) return { says: `a raw ${code === 10 ? "line break" : "control character"} inside a string`, offset: at };
    if (code !== 92) continue;
    const letter = text[at + 1];
    if (letter === undefined) break;
    if (letter === "u") {
      const hex = text.slice(at + 2, at + 6);
      if (at + 6 > text.length && /^[0-9a-fA-F]*$/.test(hex)) break;
      if (!/^[0-9a-fA-F]{4}$/.test(hex)) return { says: `"\\u${hex}" is not an escape`, offset: at };
      at += 5;
    } else if ('"\\/bfnrt'.includes(letter)) at++;
    else return { says: `"\\${letter}" is not an escape`, offset: at };
  }
  return { says: "the text ends inside a string", offset: text.length };
}

function pathOf(path: Frame[]): string {
  let out = "$";
  for (const frame of path.slice(0, 40)) {
    if ("index" in frame) out += `[${frame.index}]`;
    else if (frame.key !== undefined) out += /^[A-Za-z_$][\w$]*$/.test(frame.key) ? `.${frame.key}` : `[${JSON.stringify(frame.key)}]`;
  }
  return path.length > 40 ? `${out}…` : out;
}
