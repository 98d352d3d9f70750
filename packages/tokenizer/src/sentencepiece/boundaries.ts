import { ProbeLimit } from "../bpe/probe-limit.ts";
import type { Pieces } from "./pieces.ts";
import { characterLength } from "./utf8-length.ts";

/**
 * Which characters stand side by side in some piece. Where two neighbours of a text never do, nothing is merged over the place between them, and
 * what is on either side can be encoded by itself. Built when first asked.
 */
export class Boundaries {
  readonly #pieces: Pieces;
  readonly #cutsUnknown: boolean;
  /** By two bytes below 0x80: whether they may be cut, `never` … `always`. */
  #ascii: Uint8Array | undefined;
  /** Pairs of other characters that stand side by side: the first + 1, the second. A character by itself is the pair with 0x110000. */
  #slots = new Int32Array(2 << 10);
  #mask = (1 << 10) - 1;
  #pairs = 0;
  #limit = new ProbeLimit(0);

  /** `cutsUnknown`: whether neighbours that are no tokens by themselves may be cut. */
  constructor(pieces: Pieces, cutsUnknown: boolean) {
    this.#pieces = pieces;
    this.#cutsUnknown = cutsUnknown;
  }

  /** The first place behind `start` that may be cut, or `end`. `cutsUnknown` may be given otherwise for once. */
  next(bytes: Uint8Array, start: number, end: number, cutsUnknown = this.#cutsUnknown): number {
    const ascii = this.#ascii ?? this.#build();
    const least = cutsUnknown ? ofUnknown : always;
    let at = start;
    let before = bytes[at] as number;
    at += 1;
    if (before >= 0x80) {
      before = characterAt(bytes, start, end);
      at = Math.min(end, start + characterLength(bytes[start] as number));
    }
    while (at < end) {
      const lead = bytes[at] as number;
      if (lead < 0x80) {
        if ((before < 0x80 ? (ascii[(before << 7) | lead] as number) : this.#cut(before, lead)) >= least) return at;
        before = lead;
        at++;
        continue;
      }
      const character = characterAt(bytes, at, end);
      if (this.#cut(before, character) >= least) return at;
      before = character;
      at = Math.min(end, at + characterLength(lead));
    }
    return end;
  }

  /** Whether two neighbours may be cut. */
  #cut(before: number, after: number): number {
    if (this.#has(before, after)) return never;
    return this.#has(before, alone) || this.#has(after, alone) ? always : ofUnknown;
  }

  #build(): Uint8Array {
    const { arena, starts, lengths, types } = this.#pieces;
    this.#limit = new ProbeLimit(2 * arena.length);
    for (let id = 0; id < types.length; id++) {
      if (types[id] === 0) continue;
      const end = (starts[id] as number) + (lengths[id] as number);
      let before = -1;
      for (let at = starts[id] as number; at < end; ) {
        const character = characterAt(arena, at, end);
        if (before >= 0) this.#add(before, character);
        before = character;
        const after = Math.min(end, at + characterLength(arena[at] as number));
        if (at === starts[id] && after === end) this.#add(character, alone);
        at = after;
      }
    }
    const ascii = new Uint8Array(1 << 14);
    for (let before = 0; before < 0x80; before++) for (let after = 0; after < 0x80; after++) ascii[(before << 7) | after] = this.#cut(before, after);
    this.#ascii = ascii;
    return ascii;
  }

  #has(before: number, after: number): boolean {
    return this.#slots[this.#slotOf(before, after)] !== 0;
  }

  #add(before: number, after: number): void {
    const slot = this.#slotOf(before, after, this.#limit);
    if (this.#slots[slot] !== 0) return;
    this.#slots[slot] = before + 1;
    this.#slots[slot + 1] = after;
    if (2 * ++this.#pairs > this.#mask) this.#grow();
  }

  #slotOf(before: number, after: number, limit?: ProbeLimit): number {
    const hash = Math.imul(Math.imul(before + 1, 0x9e3779b1) ^ after, 0x85ebca6b);
    for (let slot = (hash ^ (hash >>> 15)) & this.#mask; ; slot = (slot + 1) & this.#mask) {
      const held = this.#slots[slot << 1];
      if (held === 0 || (held === before + 1 && this.#slots[(slot << 1) + 1] === after)) return slot << 1;
      limit?.probe();
    }
  }

  #grow(): void {
    const slots = this.#slots;
    this.#slots = new Int32Array(2 * slots.length);
    this.#mask = 2 * this.#mask + 1;
    for (let from = 0; from < slots.length; from += 2) {
      if (slots[from] === 0) continue;
      const to = this.#slotOf((slots[from] as number) - 1, slots[from + 1] as number, this.#limit);
      this.#slots[to] = slots[from] as number;
      this.#slots[to + 1] = slots[from + 1] as number;
    }
  }
}

const alone = 0x11_0000;
const never = 0;
/** Both are no tokens by themselves. */
const ofUnknown = 1;
const always = 2;

/** A number for the character at a place: its code point where it is valid UTF-8, and for other bytes one that no other bytes of as many have. */
function characterAt(bytes: Uint8Array, at: number, end: number): number {
  const lead = bytes[at] as number;
  if (lead < 0x80) return lead;
  const length = Math.min(characterLength(lead), end - at);
  let number = lead;
  for (let read = at + 1; read < at + length; read++) number = ((number << 6) ^ (bytes[read] as number)) & 0x0fff_ffff;
  return number | 0x1000_0000;
}
