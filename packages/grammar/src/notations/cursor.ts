import { CutawayError } from "@cutaway/core";

/** The text of a grammar, and the place up to which it was read. */
export class Cursor {
  readonly text: string;
  position = 0;
  #lineStarts: number[] | undefined;

  constructor(text: string) {
    this.text = text;
  }

  get done(): boolean {
    return this.position >= this.text.length;
  }

  /** What comes next is this, and stays. */
  sees(text: string): boolean {
    return this.text.startsWith(text, this.position);
  }

  /** What comes next is this, and is gone. */
  takes(text: string): boolean {
    if (!this.sees(text)) return false;
    this.position += text.length;
    return true;
  }

  /** What a sticky expression finds just here. */
  match(sticky: RegExp): RegExpExecArray | undefined {
    sticky.lastIndex = this.position;
    const found = sticky.exec(this.text) ?? undefined;
    if (found !== undefined) this.position = sticky.lastIndex;
    return found;
  }

  /** The next code point. Not to be asked at the end. */
  character(): number {
    const scalar = this.text.codePointAt(this.position) ?? 0;
    this.position += scalar > 0xffff ? 2 : 1;
    return scalar;
  }

  lineAt(position: number): number {
    this.#lineStarts ??= [0, ...Array.from(this.text.matchAll(/\n/g), (end) => end.index + 1)];
    let [low, high] = [0, this.#lineStarts.length];
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if ((this.#lineStarts[middle] ?? 0) <= position) low = middle;
      else high = middle;
    }
    return low + 1;
  }

  invalid(says: string, position = this.position): CutawayError {
    return grammarError("grammar-invalid", this.text, position, says);
  }

  unsupported(says: string, position = this.position, fix?: string): CutawayError {
    return grammarError("grammar-unsupported", this.text, position, says, fix);
  }
}

/** `grammar-invalid`: none of this notation; `grammar-unsupported`: one that is not followed here. `data.line` and `data.column` from 1. */
export const grammarError = (
  code: "grammar-invalid" | "grammar-unsupported",
  text: string,
  position: number,
  says: string,
  fix?: string,
): CutawayError => {
  const place = placeIn(text, position);
  return new CutawayError(code, `Line ${place.line}, column ${place.column}: ${says}.`, { data: place, ...(fix !== undefined && { fix }) });
};

const placeIn = (text: string, position: number): { line: number; column: number } => {
  const before = text.slice(0, position);
  const start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: Array.from(before.slice(start)).length + 1 };
};
