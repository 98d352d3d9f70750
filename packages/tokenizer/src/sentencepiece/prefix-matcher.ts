/** Finds the longest of some byte strings at a place. */
export class PrefixMatcher {
  readonly #root = new Map<number, Node>();

  constructor(texts: Iterable<Uint8Array>) {
    for (const text of texts) {
      let level = this.#root;
      let node: Node | undefined;
      for (const byte of text) {
        node = level.get(byte);
        if (!node) {
          node = { next: new Map(), ends: false };
          level.set(byte, node);
        }
        level = node.next;
      }
      if (node) node.ends = true;
    }
  }

  get isEmpty(): boolean {
    return this.#root.size === 0;
  }

  startsWith(byte: number): boolean {
    return this.#root.has(byte);
  }

  /** Its length; 0 where none stands at `at`. */
  match(bytes: Uint8Array, at: number, end: number): number {
    let longest = 0;
    let level = this.#root;
    for (let read = at; read < end; read++) {
      const node = level.get(bytes[read] as number);
      if (!node) break;
      if (node.ends) longest = read + 1 - at;
      level = node.next;
    }
    return longest;
  }
}

interface Node {
  next: Map<number, Node>;
  ends: boolean;
}
