import { CutawayError } from "@cutaway/core";
import { hashBytes, sameBytes } from "../bpe/hash-bytes.ts";
import { grown } from "./grown.ts";

/** All different pieces together, in bytes. While merges are learned each takes some 60 bytes, so that training stays below 8 GB. */
const mostBytes = 1 << 27;

/**
 * How often each piece of text (pre-token) occurs. Different pieces stand once, one after the other in one arena: memory grows with the number of
 * different pieces, not with the text.
 */
export class PieceCounts {
  size = 0;
  /** Of all pieces counted, repetitions included. */
  total = 0;
  #bytes = new Uint8Array(1 << 20);
  #view = new DataView(this.#bytes.buffer);
  #used = 0;
  /** By piece: where it starts; its end is the next one's start. */
  #starts: Int32Array = new Int32Array(1 << 14);
  #hashes: Int32Array = new Int32Array(1 << 14);
  #counts: Float64Array = new Float64Array(1 << 14);
  /** Piece + 1; 0 is free. */
  #slots = new Int32Array(1 << 15);

  /** Counts the piece [start, end). Up to 3 bytes behind it must be readable. */
  add(view: DataView, start: number, end: number): void {
    const length = end - start;
    const hash = hashBytes(view, start, length);
    this.total++;
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const piece = (slots[slot] as number) - 1;
      if (piece < 0) {
        this.#append(view, start, length, hash, slot);
        return;
      }
      if (this.#hashes[piece] !== hash) continue;
      const at = this.#starts[piece] as number;
      if ((this.#starts[piece + 1] as number) - at !== length || !sameBytes(this.#view, at, view, start, length)) continue;
      this.#counts[piece] = (this.#counts[piece] as number) + 1;
      return;
    }
  }

  countOf(piece: number): number {
    return this.#counts[piece] as number;
  }

  /** A view that must not be written to. */
  bytesOf(piece: number): Uint8Array {
    return this.#bytes.subarray(this.#starts[piece], this.#starts[piece + 1]);
  }

  /** All pieces one behind the other, and by piece where it starts; its end is the next one's start. */
  arena(): { bytes: Uint8Array; starts: Int32Array } {
    return { bytes: this.#bytes, starts: this.#starts };
  }

  /** Bytes of all different pieces. */
  get bytes(): number {
    return this.#used;
  }

  #append(view: DataView, start: number, length: number, hash: number, slot: number): void {
    if (this.#used + length > mostBytes) throw tooMuch();
    if (this.#used + length + 4 > this.#bytes.length) this.#growBytes(length);
    if (this.size + 2 > this.#starts.length) this.#growPieces();
    for (let at = 0; at < length; at++) this.#bytes[this.#used + at] = view.getUint8(start + at);
    this.#used += length;
    const piece = this.size++;
    this.#starts[piece + 1] = this.#used;
    this.#hashes[piece] = hash;
    this.#counts[piece] = 1;
    this.#slots[slot] = piece + 1;
    if (2 * this.size > this.#slots.length) this.#growSlots();
  }

  #growBytes(more: number): void {
    const larger = new Uint8Array(2 * (this.#bytes.length + more));
    larger.set(this.#bytes.subarray(0, this.#used));
    this.#bytes = larger;
    this.#view = new DataView(larger.buffer);
  }

  #growPieces(): void {
    const capacity = 2 * this.#starts.length;
    this.#starts = grown(this.#starts, new Int32Array(capacity));
    this.#hashes = grown(this.#hashes, new Int32Array(capacity));
    this.#counts = grown(this.#counts, new Float64Array(capacity));
  }

  #growSlots(): void {
    const slots = new Int32Array(2 * this.#slots.length);
    const mask = slots.length - 1;
    for (let piece = 0; piece < this.size; piece++) {
      let slot = (this.#hashes[piece] as number) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = piece + 1;
    }
    this.#slots = slots;
  }
}

const tooMuch = () =>
  new CutawayError("corpus-too-large", `the corpus has more than ${mostBytes} bytes of different pieces`, {
    fix: "Train on a sample, or with a pattern that cuts the text into shorter pieces.",
    data: { most: mostBytes },
  });
