import { regexInvalid } from "./errors.ts";

/** A pattern and the place up to which it was read, in UTF-16 units. */
export class Reader {
  readonly pattern: string;
  position = 0;

  constructor(pattern: string) {
    this.pattern = pattern;
  }

  get done(): boolean {
    return this.position >= this.pattern.length;
  }

  /** What comes next is this, and stays. */
  sees(text: string): boolean {
    return this.pattern.startsWith(text, this.position);
  }

  /** What comes next is this, and is gone. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.position += text.length;
    return true;
  }

  /** The next code point. Not to be asked at the end. */
  character(): number {
    const scalar = this.pattern.codePointAt(this.position) ?? 0;
    this.position += scalar > 0xffff ? 2 : 1;
    return scalar;
  }

  /** What the expression finds just here. */
  match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.position;
    const found = sticky.exec(this.pattern) ?? undefined;
    if (found !== undefined) this.position = sticky.lastIndex;
    return found;
  }

  invalid(says: string, position = this.position): Error {
    return regexInvalid(this.pattern, position, says);
  }
}
