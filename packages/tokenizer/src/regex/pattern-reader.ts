export interface Quantifier {
  least: number;
  most: number;
  /** Written `{n,m}`. */
  counted: boolean;
}

/** Reads a pattern character by character (code points). */
export class PatternReader {
  readonly #pattern: string;
  readonly #error: (what: string) => Error;
  #at = 0;

  constructor(pattern: string, error: (what: string) => Error) {
    this.#pattern = pattern;
    this.#error = error;
  }

  get atEnd(): boolean {
    return this.#at >= this.#pattern.length;
  }

  fail(what: string): Error {
    return this.#error(`${what} (at character ${this.#at})`);
  }

  /** The next character without taking it; empty at the end. */
  peek(): string {
    const codePoint = this.#pattern.codePointAt(this.#at);
    return codePoint === undefined ? "" : String.fromCodePoint(codePoint);
  }

  next(): string {
    const character = this.peek();
    if (character === "") throw this.fail("it ends too early");
    this.#at += character.length;
    return character;
  }

  /** Takes `text` if it comes next. */
  take(text: string): boolean {
    if (!this.#pattern.startsWith(text, this.#at)) return false;
    this.#at += text.length;
    return true;
  }

  comesNext(text: string): boolean {
    return this.#pattern.startsWith(text, this.#at);
  }

  /** Takes what `expression` (sticky) matches here. */
  match(expression: RegExp): RegExpExecArray | undefined {
    expression.lastIndex = this.#at;
    const found = expression.exec(this.#pattern);
    if (!found) return undefined;
    this.#at = expression.lastIndex;
    return found;
  }

  /** `?<name>` or `?P<name>` of a group. */
  takeName(): boolean {
    return this.match(/\?P?<[A-Za-z_]\w*>/y) !== undefined;
  }

  quantifier(): Quantifier | undefined {
    if (this.take("*")) return { least: 0, most: Number.POSITIVE_INFINITY, counted: false };
    if (this.take("+")) return { least: 1, most: Number.POSITIVE_INFINITY, counted: false };
    if (this.take("?")) return { least: 0, most: 1, counted: false };
    const counts = this.match(/\{(?:(\d{1,6})(,(\d{0,6}))?|,(\d{1,6}))\}/y);
    if (!counts) return undefined;
    const [, least, comma, most, upTo] = counts;
    if (upTo !== undefined) return { least: 0, most: Number(upTo), counted: true };
    const atLeast = Number(least);
    const atMost = comma === undefined ? atLeast : most === "" ? Number.POSITIVE_INFINITY : Number(most);
    if (atMost < atLeast) throw this.fail("a repetition ends before it begins");
    return { least: atLeast, most: atMost, counted: true };
  }
}
