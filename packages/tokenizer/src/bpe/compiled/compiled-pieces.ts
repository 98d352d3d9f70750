import { asciiClasses } from "../../scan/character-class.ts";
import { cl100kPattern, gpt2Pattern, knownPatterns, o200kPattern, qwen2Pattern } from "../../scan/known-patterns.ts";
import type { Scan } from "../../scan/runs.ts";
import type { Utf8Buffer } from "../utf8-buffer.ts";
import type { Vocabulary } from "../vocabulary.ts";
import { classBlocks } from "./class-blocks.ts";
import { loadPieces, type PiecesProgram } from "./load-pieces.ts";

export interface CompiledModel {
  vocabulary: Vocabulary;
  byteIds: Int32Array;
  /** Whether the program can merge by itself: every byte has a token, a piece that is a token is that token, and pairs merge as in `rulesOfRanks`. */
  ranked: boolean;
  /** The ids of a piece that the program cannot merge: the bytes [start, end) of the text. Only until the next call. */
  merge(text: Utf8Buffer, start: number, end: number): Uint32Array;
}

const pageBytes = 65_536;

/**
 * `BytePairEncoder.encodePieces` as a program in WebAssembly (pieces.as): it cuts 16 bytes at a time, compares pieces and finds the lowest rank with
 * vectors, and is compiled once. It remembers pieces by itself.
 */
export class CompiledPieces {
  /** Texts up to so many bytes. */
  readonly mostText: number;
  readonly #program: PiecesProgram;
  readonly #bytes: Uint8Array;
  readonly #ids: Uint32Array;
  #scan: Scan | undefined;
  #source: Utf8Buffer | undefined;
  #start = 0;

  /** Undefined where WebAssembly cannot be had, or no memory for it. */
  static of(model: CompiledModel): CompiledPieces | undefined {
    let pieces: CompiledPieces | undefined;
    const program = loadPieces({
      merge: (start, end, to) => (pieces as CompiledPieces).#merge(model, start, end, to),
    });
    if (!program || !fill(program, model)) return undefined;
    pieces = new CompiledPieces(program);
    return pieces;
  }

  private constructor(program: PiecesProgram) {
    const { buffer } = program.memory;
    this.mostText = program.mostText.value;
    this.#program = program;
    this.#bytes = new Uint8Array(buffer, program.TEXT.value, this.mostText + 1);
    this.#ids = new Uint32Array(buffer, program.IDS.value, this.mostText);
  }

  /** Whether it can cut by this scanner. */
  static cuts(scan: Scan): boolean {
    return compiledPatterns.has(scan);
  }

  /** Returns the number of tokens of the bytes [start, end), or one above `most`; the ids, if `keep`, as a view until the next call. */
  encode(text: Utf8Buffer, scan: Scan, start: number, end: number, keep: boolean, most: number): { count: number; ids: Uint32Array } {
    this.#bytes.set(text.bytes.subarray(start, end));
    this.#bytes[end - start] = 0xff;
    this.#source = text;
    this.#start = start;
    if (scan !== this.#scan) {
      const { leads, cases, digits } = compiledPatterns.get(scan) as CompiledPattern;
      this.#program.cutBy(leads, cases, digits);
      this.#scan = scan;
    }
    const count = this.#program.encode(end - start, keep, most);
    return { count, ids: this.#ids.subarray(0, keep ? count : 0) };
  }

  #merge(model: CompiledModel, start: number, end: number, to: number): number {
    const ids = model.merge(this.#source as Utf8Buffer, this.#start + start, this.#start + end);
    this.#ids.set(ids, to);
    return ids.length;
  }
}

/** What tells patterns apart: pattern.as. */
interface CompiledPattern {
  leads: boolean;
  cases: boolean;
  digits: number;
}

const compiledPatterns: ReadonlyMap<Scan, CompiledPattern> = new Map([
  [scanOf(gpt2Pattern), { leads: false, cases: false, digits: 0 }],
  [scanOf(cl100kPattern), { leads: true, cases: false, digits: 3 }],
  [scanOf(qwen2Pattern), { leads: true, cases: false, digits: 1 }],
  [scanOf(o200kPattern), { leads: true, cases: true, digits: 3 }],
]);

function scanOf(pattern: string): Scan {
  return knownPatterns.get(pattern) as Scan;
}

/** Gives the program its memory and tables; false where there is no memory. */
function fill(program: PiecesProgram, { vocabulary, byteIds, ranked }: CompiledModel): boolean {
  const { filter, slots, starts, lengths, arena } = vocabulary.tables;
  const bytes = program.layout(filter.byteLength, slots.byteLength, starts.length, arena.length);
  try {
    program.memory.grow(Math.ceil((bytes - program.memory.buffer.byteLength) / pageBytes));
  } catch {
    return false;
  }
  const { buffer } = program.memory;
  const words: [{ value: number }, Int32Array][] = [
    [program.FILTER, filter],
    [program.slots, slots],
    [program.starts, starts],
    [program.lengths, lengths],
    [program.BYTE_IDS, byteIds],
  ];
  for (const [place, values] of words) new Int32Array(buffer, place.value, values.length).set(values);
  const { blocks, classes } = classBlocks();
  new Uint16Array(buffer, program.CLASS_BLOCKS.value, blocks.length).set(blocks);
  for (const [place, values] of [
    [program.CLASSES, classes],
    [program.ASCII_CLASSES, asciiClasses],
    [program.arena, arena],
  ] as const) {
    new Uint8Array(buffer, place.value, values.length).set(values);
  }
  program.prepare(starts.length, ranked);
  return true;
}
