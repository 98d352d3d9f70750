/** Why a text stops being JSON. */
export type JsonBreakReason =
  | "empty"
  | "ended-early"
  | "expected-value"
  | "expected-key"
  | "expected-colon"
  | "expected-comma"
  | "trailing-comma"
  | "single-quote"
  | "unquoted-key"
  | "comment"
  | "bad-literal"
  | "bad-number"
  | "bad-escape"
  | "control-character"
  | "trailing-content";

export interface JsonBreak {
  ok: false;
  /** UTF-16 offset of the first character that cannot stand there; the length of the text when it ended early. */
  at: number;
  /** From 1. */
  line: number;
  /** From 1, in UTF-16 code units. */
  column: number;
  /** Where in the value: `$.user.items[3].name`. */
  path: string;
  reason: JsonBreakReason;
  /** The reason in words, with what was expected. */
  says: string;
  /** Everything so far could have gone on to be JSON: only more text is missing. */
  unfinished: boolean;
}

export type JsonScan = { ok: true; start: number; end: number } | JsonBreak;

export interface JsonScanner {
  push(text: string): void;
  /** A break was found, or (with `prefix`) the value is complete: nothing pushed later changes the result. */
  readonly settled: boolean;
  end(): JsonScan;
}

export interface ScanOptions {
  /** Stop after the first whole value and accept whatever follows it. */
  prefix?: boolean;
}

/** Accepts what `JSON.parse` accepts, and says where and why anything else breaks. */
export function scanJson(text: string, options?: ScanOptions): JsonScan {
  const scanner = startJsonScan(options);
  scanner.push(text);
  return scanner.end();
}

/** The same for text that arrives in pieces. One pass, no recursion; memory grows with the depth of nesting only. */
export function startJsonScan({ prefix = false }: ScanOptions = {}): JsonScanner {
  let state: State = "value";
  let at = 0;
  let start = -1;
  let valueEnd = -1;
  let line = 1;
  let lineStart = 0;
  let broken: JsonBreak | undefined;
  /** Open containers: true for an array. `keys` and `counts` name the place within each, for the path. */
  const arrays: boolean[] = [];
  const keys: (string | undefined)[] = [];
  const counts: number[] = [];
  let inKey = false;
  let key = "";
  let hexLeft = 0;
  let word = "";
  let wordAt = 0;

  const fail = (reason: JsonBreakReason, says: string) => {
    broken = { ok: false, at, line, column: at - lineStart + 1, path: path(), reason, says, unfinished: false };
  };
  const path = () => {
    const levels = arrays.map((isArray, i) => (isArray ? `[${counts[i]}]` : member(keys[i])));
    const shown = levels.length > 16 ? [...levels.slice(0, 8), "…", ...levels.slice(-8)] : levels;
    return `$${shown.join("")}`;
  };
  const finishValue = (end: number) => {
    if (arrays.length > 0) {
      state = "comma-or-end";
      return;
    }
    valueEnd = end;
    state = "done";
  };
  const open = (isArray: boolean) => {
    arrays.push(isArray);
    keys.push(undefined);
    counts.push(0);
    state = isArray ? "first-item" : "first-key";
  };
  const close = () => {
    arrays.pop();
    keys.pop();
    counts.pop();
    finishValue(at + 1);
  };
  const beginValue = (c: number) => {
    if (start < 0) start = at;
    if (c === 0x22) {
      state = "string";
      inKey = false;
    } else if (c === 0x7b) open(false);
    else if (c === 0x5b) open(true);
    else if (c === 0x2d) state = "minus";
    else if (c === 0x30) state = "zero";
    else if (c >= 0x31 && c <= 0x39) state = "integer";
    else if (c === 0x74 || c === 0x66 || c === 0x6e) {
      state = "literal";
      wordAt = 0;
      word = c === 0x74 ? "true" : c === 0x66 ? "false" : "null";
      wordAt = 1;
    } else if (c === 0x27) fail("single-quote", "a string in single quotes; JSON takes double quotes only");
    else if (c === 0x2f) fail("comment", "a comment; JSON has none");
    else if (isWordStart(c)) fail("bad-literal", "a word that is not true, false or null");
    else fail("expected-value", `expected a value, found ${show(c)}`);
  };

  /** returns false where the character must be looked at again in the new state */
  const step = (c: number): boolean => {
    switch (state) {
      case "string":
        if (c === 0x22) {
          if (inKey) {
            keys[keys.length - 1] = key;
            state = "colon";
          } else finishValue(at + 1);
        } else if (c === 0x5c) state = "escape";
        else if (c < 0x20) fail("control-character", `${show(c)} inside a string; it has to be written as an escape`);
        else if (inKey && key.length < 80) key += String.fromCharCode(c);
        return true;
      case "escape":
        if (c === 0x75) {
          hexLeft = 4;
          state = "hex";
        } else if (escapable.has(c)) state = "string";
        else fail("bad-escape", `\\${show(c)} is not an escape of JSON`);
        return true;
      case "hex":
        if (!isHex(c)) fail("bad-escape", `\\u takes four hexadecimal digits, found ${show(c)}`);
        else if (--hexLeft === 0) state = "string";
        return true;
      case "literal":
        if (c !== word.charCodeAt(wordAt)) fail("bad-literal", "a word that is not true, false or null");
        else if (++wordAt === word.length) finishValue(at + 1);
        return true;
      case "minus":
        if (c === 0x30) state = "zero";
        else if (isDigit(c)) state = "integer";
        else fail("bad-number", "a minus sign without a digit after it");
        return true;
      case "zero":
      case "integer":
        if (state === "integer" && isDigit(c)) return true;
        if (c === 0x2e) state = "point";
        else if (c === 0x65 || c === 0x45) state = "exponent-sign";
        else if (isDigit(c)) fail("bad-number", "a number that begins with 0");
        else return endNumber();
        return true;
      case "point":
        if (isDigit(c)) state = "fraction";
        else fail("bad-number", "a decimal point without a digit after it");
        return true;
      case "fraction":
        if (isDigit(c)) return true;
        if (c === 0x65 || c === 0x45) state = "exponent-sign";
        else return endNumber();
        return true;
      case "exponent-sign":
        if (isDigit(c)) state = "exponent";
        else if (c === 0x2b || c === 0x2d) state = "exponent-first";
        else fail("bad-number", "an exponent without digits");
        return true;
      case "exponent-first":
        if (isDigit(c)) state = "exponent";
        else fail("bad-number", "an exponent without digits");
        return true;
      case "exponent":
        return isDigit(c) || endNumber();
      default:
        break;
    }
    if (c === 0x20 || c === 0x0a || c === 0x0d || c === 0x09) return true;
    switch (state) {
      case "value":
      case "next-item":
        if (state === "next-item" && c === 0x5d) fail("trailing-comma", "a comma before the closing ]");
        else beginValue(c);
        return true;
      case "first-item":
        if (c === 0x5d) close();
        else beginValue(c);
        return true;
      case "first-key":
      case "next-key":
        if (c === 0x22) {
          state = "string";
          inKey = true;
          key = "";
          keys[keys.length - 1] = undefined;
        } else if (c === 0x7d && state === "first-key") close();
        else if (c === 0x7d) fail("trailing-comma", "a comma before the closing }");
        else if (c === 0x27) fail("single-quote", "a key in single quotes; JSON takes double quotes only");
        else if (c === 0x2f) fail("comment", "a comment; JSON has none");
        else if (isWordStart(c)) fail("unquoted-key", "a key without quotes");
        else fail("expected-key", `expected a key in double quotes, found ${show(c)}`);
        return true;
      case "colon":
        if (c === 0x3a) state = "value";
        else fail("expected-colon", `expected : after the key, found ${show(c)}`);
        return true;
      case "comma-or-end": {
        const isArray = arrays[arrays.length - 1] as boolean;
        if (c === 0x2c) {
          if (isArray) counts[counts.length - 1] = (counts[counts.length - 1] as number) + 1;
          else keys[keys.length - 1] = undefined;
          state = isArray ? "next-item" : "next-key";
        } else if (c === (isArray ? 0x5d : 0x7d)) close();
        else if (c === 0x2f) fail("comment", "a comment; JSON has none");
        else fail("expected-comma", `expected , or ${isArray ? "]" : "}"}, found ${show(c)}`);
        return true;
      }
      default:
        if (!prefix) fail("trailing-content", `${show(c)} after the end of the value`);
        return true;
    }
  };
  const endNumber = (): boolean => {
    finishValue(at);
    return false;
  };
  const settled = () => broken !== undefined || (prefix && valueEnd >= 0);

  return {
    push(text) {
      for (let i = 0; i < text.length && !settled(); i++) {
        const c = text.charCodeAt(i);
        if (!step(c) && !settled()) step(c);
        if (settled()) return;
        at++;
        if (c === 0x0a) {
          line++;
          lineStart = at;
        }
      }
    },
    get settled() {
      return settled();
    },
    end() {
      if (broken) return broken;
      if (arrays.length === 0 && wholeNumber.has(state)) finishValue(at);
      if (valueEnd >= 0) return { ok: true, start, end: valueEnd };
      const empty = start < 0;
      const says = empty ? "there is no value at all" : `the text ends ${expected[state] ?? "inside a number"}`;
      return { ok: false, at, line, column: at - lineStart + 1, path: path(), reason: empty ? "empty" : "ended-early", says, unfinished: true };
    },
  };
}

type State =
  | "value"
  | "first-item"
  | "next-item"
  | "first-key"
  | "next-key"
  | "colon"
  | "comma-or-end"
  | "string"
  | "escape"
  | "hex"
  | "literal"
  | "minus"
  | "zero"
  | "integer"
  | "point"
  | "fraction"
  | "exponent-sign"
  | "exponent-first"
  | "exponent"
  | "done";

const wholeNumber: ReadonlySet<State> = new Set<State>(["zero", "integer", "fraction", "exponent"]);

const expected: Partial<Record<State, string>> = {
  value: "where a value should come",
  "first-item": "after an opening [",
  "next-item": "after a comma",
  "first-key": "after an opening {",
  "next-key": "after a comma",
  colon: "after a key",
  "comma-or-end": "before the closing bracket",
  string: "inside a string",
  escape: "inside an escape",
  hex: "inside an escape",
  literal: "inside a word",
};

const escapable: ReadonlySet<number> = new Set(Array.from('"\\/bfnrt', (c) => c.charCodeAt(0)));
const isDigit = (c: number) => c >= 0x30 && c <= 0x39;
const isHex = (c: number) => isDigit(c) || (c >= 0x41 && c <= 0x46) || (c >= 0x61 && c <= 0x66);
const isWordStart = (c: number) => (c >= 0x41 && c <= 0x5a) || (c >= 0x61 && c <= 0x7a) || c === 0x5f || c === 0x24;
const member = (key: string | undefined) => (key === undefined ? "" : /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`);
const show = (c: number) => (c === 0x0a ? "a line break" : c < 0x20 ? `control character ${c}` : `“${String.fromCharCode(c)}”`);
