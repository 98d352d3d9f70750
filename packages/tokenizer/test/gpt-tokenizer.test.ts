import { loadTokenizer } from "@cutaway/tokenizer/named";
import * as cl100k from "gpt-tokenizer/encoding/cl100k_base";
import * as o200k from "gpt-tokenizer/encoding/o200k_base";
import { expect, test } from "vitest";
import * as corpora from "./corpora.ts";

/** A second, independent implementation, on the texts where it is right (it splits U+FEFF and NEL otherwise, and does not fold the long s). */
test.each([["o200k_base", o200k] as const, ["cl100k_base", cl100k] as const])("%s gives the ids of gpt-tokenizer", async (name, peer) => {
  const ours = await loadTokenizer(name);
  for (const generate of [corpora.prose, corpora.code, corpora.multilingual, corpora.emoji]) {
    const text = generate(8000, 11);
    expect([...ours.encode(text)]).toEqual(peer.encode(text));
    expect(ours.count(text)).toBe(peer.countTokens(text));
    expect(ours.decode(peer.encode(text))).toBe(peer.decode(ours.encode(text)));
  }
});
