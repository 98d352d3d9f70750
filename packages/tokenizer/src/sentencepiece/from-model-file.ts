import { CutawayError, type TokenId, type Tokenizer } from "@cutaway/core";
import type { AddedToken } from "../added-tokens.ts";
import { longestContent, mostContent } from "../json/read-added-tokens.ts";
import { agendaBpe } from "./agenda-bpe.ts";
import { SentenceNormalizer } from "./normalize-sentence.ts";
import type { PieceModel } from "./piece-model.ts";
import { bytePieces, CONTROL, idsOf, type Pieces, textOf, UNKNOWN, USER_DEFINED } from "./pieces.ts";
import { PrefixMatcher } from "./prefix-matcher.ts";
import { prepareSentence } from "./prepare-sentence.ts";
import { badModelFile, type ModelFile, readModelFile } from "./read-model-file.ts";
import { SentenceDecoder } from "./sentence-decoder.ts";
import { sentenceUnigram } from "./sentence-unigram.ts";
import { SentencePieceTokenizer } from "./sentencepiece-tokenizer.ts";
import { unknownAsBytes, unknownAsToken } from "./unknown-characters.ts";

/**
 * A tokenizer from a SentencePiece `.model` file: Unigram, BPE or characters, with the ids and text of SentencePiece itself. Control pieces (`<s>`) and
 * the unknown piece are special tokens: SentencePiece never finds them in a text; `allowedSpecial` does, and each part between them is a sentence.
 * `addSpecialTokens` is refused: the file does not say what goes around a text.
 * throws  `bad-tokenizer` for a file that is broken; `unsupported-tokenizer` for a model of whole words.
 */
export function fromSentencePieceModel(bytes: Uint8Array, name: string): Tokenizer {
  const file = readModelFile(bytes, name);
  const { pieces, unknownId, normalizer, unknownSurface } = file;
  const userDefined = new PrefixMatcher(idsOf(pieces, USER_DEFINED).map((id) => textOf(pieces, id)));
  return new SentencePieceTokenizer({
    name,
    pieces,
    ...(unknownId !== undefined && { unknownId }),
    prepare: prepareSentence(new SentenceNormalizer(normalizer, userDefined, name), normalizer.name || "normalizer"),
    model: modelOf(file, userDefined, name),
    decoder: new SentenceDecoder({
      pieces,
      unknownSurface,
      dummyPrefix: normalizer.dummyPrefix,
      removeExtraSpaces: normalizer.removeExtraSpaces,
      ...(file.denormalizer && { denormalizer: new SentenceNormalizer(file.denormalizer, new PrefixMatcher([]), name) }),
    }),
    addedTokens: specialsOf(pieces, name),
    normalizedTokens: [],
    normalize: [],
    prefixSpace: false,
  });
}

function modelOf(file: ModelFile, userDefined: PrefixMatcher, name: string): PieceModel {
  const { pieces, byteFallback, unknownId } = file;
  const pushUnknown = byteFallback || unknownId === undefined ? unknownAsBytes(bytePieces(pieces)) : unknownAsToken(unknownId);
  const bad = (what: string) => badModelFile(name, what);
  switch (file.modelType) {
    case "unigram":
      return sentenceUnigram(pieces, { unknownId, pushUnknown, bad });
    case "bpe":
    case "char":
      return agendaBpe(pieces, { userDefined, pushUnknown, fuseUnknown: !byteFallback, merges: file.modelType === "bpe", bad });
    case "word":
      throw new CutawayError("unsupported-tokenizer", `${name} is a SentencePiece model of whole words (model_type WORD)`, {
        fix: "Unigram, BPE and character models are read.",
        data: { file: name },
      });
  }
}

function specialsOf(pieces: Pieces, name: string): AddedToken[] {
  const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });
  let total = 0;
  return [...idsOf(pieces, UNKNOWN), ...idsOf(pieces, CONTROL)].map((id) => {
    const content = utf8.decode(textOf(pieces, id));
    total += content.length;
    if (content.length > longestContent || total > mostContent)
      throw badModelFile(name, `its control pieces are longer than ${longestContent} characters, or ${mostContent} together`);
    return { content, id: id as TokenId, special: true, singleWord: false, lstrip: false, rstrip: false };
  });
}
