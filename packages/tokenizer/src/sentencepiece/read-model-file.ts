import { CutawayError } from "@cutaway/core";
import { maxTokenId } from "../bpe/vocabulary.ts";
import type { NormalizerRules } from "./normalize-sentence.ts";
import { BYTE, bytePieces, NORMAL, type Pieces, PieceWriter, UNKNOWN } from "./pieces.ts";
import { ProtobufReader } from "./protobuf-reader.ts";

/** What a SentencePiece `.model` file says, as far as encoding and decoding need it. */
export interface ModelFile {
  pieces: Pieces;
  modelType: "unigram" | "bpe" | "word" | "char";
  byteFallback: boolean;
  /** Absent only where unknown characters become bytes. */
  unknownId?: number;
  /** What an unknown token is decoded to. */
  unknownSurface: Uint8Array;
  normalizer: NormalizerRules;
  /** Applied to decoded text, if present. */
  denormalizer?: NormalizerRules;
}

/** Three times the largest published file. */
const maxBytes = 64 * 1024 * 1024;
/** Longer than any piece that training makes: every place in a text may be compared with this many bytes. */
const longestPiece = 4096;

/** `bad` for what is wrong in the file `name`. */
export const badModelFile = (name: string, what: string) =>
  new CutawayError("bad-tokenizer", `${name} is not a usable SentencePiece model: ${what}`, {
    fix: "Use the file as its author published it, or as spm_train wrote it.",
    data: { file: name },
  });

/**
 * Reads a ModelProto.
 * throws `bad-tokenizer` for what is broken, and for what SentencePiece itself refuses: pieces that are empty or hold a zero byte, scores that are no
 * numbers, no or two unknown pieces, byte pieces without `byte_fallback` or fewer than 256 of them with it.
 * source  google/sentencepiece, src/sentencepiece_model.proto, and the checks of ModelInterface::InitializePieces
 */
export function readModelFile(bytes: Uint8Array, name: string): ModelFile {
  const bad = (what: string) => badModelFile(name, what);
  if (bytes.length > maxBytes) throw bad(`it has ${bytes.length} bytes, more than ${maxBytes}`);
  const writer = new PieceWriter();
  let trainer = new Uint8Array();
  let normalizer = new Uint8Array();
  let denormalizer = new Uint8Array();
  const reader = new ProtobufReader(bytes, bad);
  while (reader.next()) {
    if (reader.field === 1) readPiece(reader.bytes(), writer, bad);
    else if (reader.field === 2) trainer = joined(trainer, reader.bytes());
    else if (reader.field === 3) normalizer = joined(normalizer, reader.bytes());
    else if (reader.field === 5) denormalizer = joined(denormalizer, reader.bytes());
    else reader.skip();
  }
  if (writer.count === 0) throw bad("it holds no pieces");
  const pieces = writer.finish();
  const { modelType, byteFallback, suffix, unknownSurface } = readTrainerSpec(trainer, bad);
  const unknownId = checkTypes(pieces, byteFallback, bad);
  const denormalizing = readNormalizerSpec(denormalizer, false, bad);
  return {
    pieces,
    modelType,
    byteFallback,
    ...(unknownId >= 0 && { unknownId }),
    unknownSurface,
    normalizer: readNormalizerSpec(normalizer, suffix, bad),
    ...(denormalizing.charsmap.length > 0 && { denormalizer: denormalizing }),
  };
}

type Bad = (what: string) => Error;

/** A message that comes twice is one whose later fields count, as protobuf has it. */
function joined(first: Uint8Array, second: Uint8Array): Uint8Array<ArrayBuffer> {
  const both = new Uint8Array(first.length + second.length);
  both.set(first);
  both.set(second, first.length);
  return both;
}

function readPiece(message: Uint8Array, writer: PieceWriter, bad: Bad): void {
  const id = writer.count;
  if (id > maxTokenId) throw bad(`it has more than ${maxTokenId} pieces`);
  const reader = new ProtobufReader(message, bad);
  let text = new Uint8Array();
  let score = 0;
  let type = NORMAL;
  while (reader.next()) {
    if (reader.field === 1) text = reader.bytes() as Uint8Array<ArrayBuffer>;
    else if (reader.field === 2) score = reader.float();
    else if (reader.field === 3) type = reader.integer();
    else reader.skip();
  }
  if (text.length === 0) throw bad(`piece ${id} is empty`);
  if (text.length > longestPiece) throw bad(`piece ${id} is longer than ${longestPiece} bytes`);
  if (text.includes(0)) throw bad(`piece ${id} holds a zero byte`);
  if (!Number.isFinite(score)) throw bad(`the score of piece ${id} is ${score}`);
  writer.add(text, score, type >= NORMAL && type <= BYTE ? type : NORMAL);
}

const modelTypes = ["unigram", "bpe", "word", "char"] as const;

function readTrainerSpec(message: Uint8Array, bad: Bad) {
  const spec = {
    modelType: modelTypes[0] as ModelFile["modelType"],
    byteFallback: false,
    suffix: false,
    unknownSurface: new TextEncoder().encode(" ⁇ ") as Uint8Array,
  };
  const reader = new ProtobufReader(message, bad);
  while (reader.next()) {
    if (reader.field === 3) {
      const number = reader.integer();
      const modelType = modelTypes[number - 1];
      if (!modelType) throw bad(`model_type is ${number}`);
      spec.modelType = modelType;
    } else if (reader.field === 24) spec.suffix = reader.integer() !== 0;
    else if (reader.field === 35) spec.byteFallback = reader.integer() !== 0;
    else if (reader.field === 44) spec.unknownSurface = reader.bytes();
    else reader.skip();
  }
  return spec;
}

function readNormalizerSpec(message: Uint8Array, suffix: boolean, bad: Bad): NormalizerRules {
  const rules = { name: "", charsmap: new Uint8Array(), dummyPrefix: true, removeExtraSpaces: true, escapeSpaces: true, suffix };
  const reader = new ProtobufReader(message, bad);
  while (reader.next()) {
    if (reader.field === 1) rules.name = new TextDecoder().decode(reader.bytes());
    else if (reader.field === 2) rules.charsmap = reader.bytes() as Uint8Array<ArrayBuffer>;
    else if (reader.field === 3) rules.dummyPrefix = reader.integer() !== 0;
    else if (reader.field === 4) rules.removeExtraSpaces = reader.integer() !== 0;
    else if (reader.field === 5) rules.escapeSpaces = reader.integer() !== 0;
    else reader.skip();
  }
  return rules;
}

/** The id of the unknown piece, -1 without one. */
function checkTypes(pieces: Pieces, byteFallback: boolean, bad: Bad): number {
  let unknownId = -1;
  for (let id = 0; id < pieces.types.length; id++) {
    const type = pieces.types[id];
    if (type === UNKNOWN) {
      if (unknownId >= 0) throw bad(`pieces ${unknownId} and ${id} are both the unknown piece`);
      unknownId = id;
    } else if (type === BYTE && !byteFallback) {
      throw bad(`piece ${id} stands for a byte, although byte_fallback is off`);
    }
  }
  if (unknownId < 0 && !byteFallback) throw bad("it has no unknown piece");
  if (byteFallback && bytePieces(pieces).includes(-1)) throw bad("byte_fallback is on, but not every byte has its piece");
  return unknownId;
}
