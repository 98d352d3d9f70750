import type { TokenId } from "@cutaway/core";
import { maxTokenId } from "../bpe/vocabulary.ts";
import type { AddedAround } from "../post-processing.ts";
import type { Fields } from "./fields.ts";

const maxDepth = 8;
/** Around one text; published files put up to four tokens there. */
const mostAround = 1000;

/** The `post_processor` of a tokenizer.json: what it puts around one text. */
export function readPostProcessor(file: Fields): AddedAround {
  if (!file.has("post_processor")) return { before: [], after: [] };
  return read(file.object("post_processor"), 0);
}

function read(fields: Fields, depth: number): AddedAround {
  const type = fields.string("type");
  switch (type) {
    case "Sequence": {
      if (depth === maxDepth) throw fields.bad(`${fields.path} is nested more than ${maxDepth} deep`);
      const parts = fields.objects("processors").map((inner) => read(inner, depth + 1));
      const adding = parts.filter(({ before, after }) => before.length + after.length > 0);
      // The reference ends in a panic there.
      if (adding.length > 1) throw fields.unsupported("post-processors in a sequence of which several add tokens");
      return adding[0] ?? { before: [], after: [] };
    }
    case "TemplateProcessing":
      return bounded(fields, template(fields));
    case "BertProcessing":
    case "RobertaProcessing":
      return { before: [idOf(fields, "cls")], after: [idOf(fields, "sep")] };
    case "ByteLevel":
      return { before: [], after: [] };
    default:
      throw fields.unsupported(`the post-processor ${type}`);
  }
}

function template(fields: Fields): AddedAround {
  const special = fields.object("special_tokens");
  const before: TokenId[] = [];
  const after: TokenId[] = [];
  let texts = 0;
  for (const piece of fields.objects("single")) {
    if (piece.has("Sequence")) {
      if (piece.object("Sequence").string("id") !== "A") throw piece.bad(`${piece.path} puts a second text where there is one`);
      texts++;
      continue;
    }
    const ids = special.object(piece.object("SpecialToken").string("id"));
    for (const id of ids.list("ids")) (texts === 0 ? before : after).push(asId(id, ids, "ids"));
  }
  if (texts !== 1) throw fields.bad(`${fields.at("single")} holds the text ${texts} times`);
  return { before, after };
}

/** `["[CLS]", 101]` */
function idOf(fields: Fields, name: string): TokenId {
  return asId(fields.list(name)[1], fields, name);
}

function asId(value: unknown, fields: Fields, name: string): TokenId {
  if (typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= maxTokenId) return value as TokenId;
  throw fields.bad(`${fields.at(name)} holds something that is no token id`);
}

function bounded(fields: Fields, around: AddedAround): AddedAround {
  if (around.before.length + around.after.length <= mostAround) return around;
  throw fields.bad(`${fields.path} puts more than ${mostAround} tokens around a text`);
}
