import { piecesWasm } from "./pieces.wasm.ts";

/** What pieces.as exports: functions, and places in memory as globals. */
export interface PiecesProgram {
  memory: { buffer: ArrayBuffer; grow(pages: number): number };
  layout(filterBytes: number, slotBytes: number, tokens: number, arenaBytes: number): number;
  prepare(tokens: number, ranked: boolean): void;
  cutBy(leads: boolean, cases: boolean, digits: number): void;
  encode(length: number, keep: boolean, most: number): number;
  mostText: Place;
  TEXT: Place;
  IDS: Place;
  BYTE_IDS: Place;
  ASCII_CLASSES: Place;
  CLASS_BLOCKS: Place;
  CLASSES: Place;
  FILTER: Place;
  slots: Place;
  starts: Place;
  lengths: Place;
  arena: Place;
}
interface Place {
  value: number;
}

/** What it asks of the one who runs it. Places count from the first byte of the text, and the first id. */
export interface PiecesHost {
  merge(start: number, end: number, to: number): number;
}

/** The part of WebAssembly used here: the language's own library does not know it, a browser's and Node's do. */
interface WebAssemblyLike {
  Module: new (bytes: Uint8Array) => object;
  Instance: new (module: object, imports: Record<string, Record<string, unknown>>) => { exports: unknown };
}

let module: object | undefined;

/** The program with a memory of its own. Undefined where WebAssembly is missing, forbidden (a page's Content-Security-Policy) or without vectors. */
export function loadPieces(host: PiecesHost): PiecesProgram | undefined {
  const { WebAssembly } = globalThis as { WebAssembly?: WebAssemblyLike };
  if (!WebAssembly) return undefined;
  try {
    module ??= new WebAssembly.Module(Uint8Array.from(atob(piecesWasm), (character) => character.charCodeAt(0)));
    return new WebAssembly.Instance(module, { host: { ...host } }).exports as PiecesProgram;
  } catch {
    return undefined;
  }
}
