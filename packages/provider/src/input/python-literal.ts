import { CutawayError, type JsonObject, type JsonValue } from "@cutaway/core";
import { maxDepth } from "../json/parse-json.ts";

/**
 * A Python literal as `repr` prints a decoded JSON body: dicts with string keys, lists, strings in either quotes, numbers, True, False, None.
 * Returns the value and where it ended; what stands behind it is the caller's.
 * throws `invalid-python` with the offset, also for nesting beyond 500 levels
 */
export function parsePythonLiteral(text: string, start = 0): { value: JsonValue; end: number } {
  let at = start;
  const fail = (wanted: string) =>
    new CutawayError("invalid-python", `no Python literal: ${wanted} expected at character ${at}`, {
      data: { offset: at },
      fix: "Copy the whole line of the exception.",
    });
  const space = () => {
    while (/\s/.test(text.charAt(at)) && at < text.length) at++;
  };
  const take = (sign: string): boolean => {
    space();
    if (text.charAt(at) !== sign) return false;
    at++;
    return true;
  };
  const match = (pattern: RegExp): string | undefined => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };

  /** The items up to `close`; a comma may stand after the last. */
  const items = (close: string, one: () => void) => {
    while (!take(close)) {
      one();
      if (take(",")) continue;
      if (!take(close)) throw fail(`, or ${close}`);
      return;
    }
  };

  const string = (): string | undefined => {
    const found = match(stringLiteral);
    return found === undefined ? undefined : unescaped(found.slice(1, -1));
  };

  const value = (depth: number): JsonValue => {
    if (depth > maxDepth) throw fail("less nesting");
    if (take("{")) {
      const entries: [string, JsonValue][] = [];
      items("}", () => {
        space();
        const name = string();
        if (name === undefined) throw fail("a string as key");
        if (!take(":")) throw fail(":");
        entries.push([name, value(depth + 1)]);
      });
      return Object.fromEntries(entries) satisfies JsonObject;
    }
    if (take("[")) {
      const list: JsonValue[] = [];
      items("]", () => list.push(value(depth + 1)));
      return list;
    }
    const text = string();
    if (text !== undefined) return text;
    const word = match(/(?:True|False|None)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![\w.])/y);
    if (word === undefined) throw fail("a value");
    return words.has(word) ? (words.get(word) ?? null) : Number(word);
  };
  return { value: value(0), end: at };
}

const words: ReadonlyMap<string, boolean | null> = new Map([
  ["True", true],
  ["False", false],
  ["None", null],
]);

const stringLiteral = /'[^'\\\n]*(?:\\[\s\S][^'\\\n]*)*'|"[^"\\\n]*(?:\\[\s\S][^"\\\n]*)*"/y;

const named: Readonly<Record<string, string>> = { n: "\n", r: "\r", t: "\t", b: "\b", f: "\f", v: "\v", a: "\x07", "\n": "" };

/** An escape that Python does not know stands for itself, backslash included. */
const unescaped = (text: string): string =>
  text.replace(/\\(?:x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8})|([\s\S]))/g, (whole, byte, short, long, sign: string | undefined) => {
    const code = byte ?? short ?? long;
    if (code !== undefined) return Number.parseInt(code, 16) > 0x10ffff ? whole : String.fromCodePoint(Number.parseInt(code, 16));
    if (sign === undefined) return whole;
    return Object.hasOwn(named, sign) ? (named[sign] ?? "") : /['"\\]/.test(sign) ? sign : whole;
  });
