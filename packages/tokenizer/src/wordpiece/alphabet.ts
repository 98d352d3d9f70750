/** The characters that a vocabulary's pieces are made of, as symbols 1, 2, 3 …; 0 stands for any other. */
export class Alphabet {
  readonly #symbols = new Map<number, number>();

  symbolOf(codePoint: number): number {
    return this.#symbols.get(codePoint) ?? 0;
  }

  /** The symbols of a text, each character given one. */
  learn(text: string): Int32Array {
    return Int32Array.from([...text], (character) => {
      const codePoint = character.codePointAt(0) as number;
      let symbol = this.#symbols.get(codePoint);
      if (symbol === undefined) {
        symbol = this.#symbols.size + 1;
        this.#symbols.set(codePoint, symbol);
      }
      return symbol;
    });
  }
}
