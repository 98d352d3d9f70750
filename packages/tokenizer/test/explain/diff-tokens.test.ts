import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { applyScript, diffTokens, explainCountChange, findCountDrops, type TokenDiff } from "../../src/explain/index.ts";
import { loadTokenizer } from "../../src/named.ts";

const o200k = await loadTokenizer("o200k_base");
const cl100k = await loadTokenizer("cl100k_base");

const words = fc.array(fc.constantFrom(" the", " naïve", "Token", "izer", "\n", "  ", " 数", "学", "👋🏽", "'s", "1984", ".", "é", "\ud800"), {
  maxLength: 14,
});
const text = words.map((parts) => parts.join(""));

/** What the tokens of a side cover in a range, by their own bytes. */
const slice = ({ text }: TokenDiff["a"], { start, end }: { start: number; end: number }) => text.slice(start, end);

describe("two texts under one tokenizer", () => {
  it("the changes turn the tokens of the one into those of the other", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const diff = diffTokens({ tokenizer: o200k, text: before }, { tokenizer: o200k, text: after });
        expect(applyScript(diff.a.tokens.ids, diff.b.tokens.ids, diff.changes)).toEqual(Array.from(o200k.encode(after)));
        expect(diff.same + diff.removed).toBe(o200k.count(before));
        expect(diff.same + diff.added).toBe(o200k.count(after));
      }),
    );
  });

  it("names the words that changed and where they stand", () => {
    const diff = diffTokens({ tokenizer: o200k, text: "Answer in one word." }, { tokenizer: o200k, text: "Answer in two short words." });
    expect(diff.changes.map(({ textA, textB }) => [slice(diff.a, textA), slice(diff.b, textB)])).toEqual([[" one word", " two short words"]]);
    expect([diff.same, diff.removed, diff.added, diff.minimal]).toEqual([3, 2, 3, true]);
  });

  it("of the same text is nothing", () => {
    expect(diffTokens({ tokenizer: o200k, text: "same" }, { tokenizer: o200k, text: "same" }).changes).toEqual([]);
    expect(diffTokens({ tokenizer: o200k, text: "" }, { tokenizer: o200k, text: "" })).toMatchObject({ same: 0, changes: [] });
  });
});

describe("one text under two tokenizers", () => {
  it("regions are the least in which they differ: no boundary inside is both's, and outside both cut alike", () => {
    fc.assert(
      fc.property(text, (shared) => {
        const diff = diffTokens({ tokenizer: o200k, text: shared }, { tokenizer: cl100k, text: shared });
        expect(diff.same + diff.removed).toBe(o200k.count(shared));
        expect(diff.same + diff.added).toBe(cl100k.count(shared));
        const pieces = (side: TokenDiff["a"], which: "a" | "b") => {
          const inside = new Set(
            diff.changes.flatMap((change) => Array.from({ length: change[which].end - change[which].start }, (_, k) => change[which].start + k)),
          );
          return Array.from(side.tokens.ids.keys())
            .filter((token) => !inside.has(token))
            .map((token) => `${side.tokens.starts[token]}-${side.tokens.ends[token]}`);
        };
        expect(pieces(diff.a, "a")).toEqual(pieces(diff.b, "b"));
        for (const { a, b, textA, textB } of diff.changes) {
          expect(textA).toEqual(textB);
          const ends = ({ tokens }: TokenDiff["a"], { start, end }: { start: number; end: number }) =>
            Array.from({ length: end - start - 1 }, (_, k) => start + k)
              .filter((token) => tokens.starts[token + 1] === tokens.ends[token])
              .map((token) => tokens.ends[token]);
          const both = new Set(ends(diff.a, a));
          expect(ends(diff.b, b).filter((end) => both.has(end))).toEqual([]);
        }
      }),
    );
  });

  it("finds the words that one of them has whole", () => {
    const shared = "She said privetstvuyu, then здравствуйте.";
    const diff = diffTokens({ tokenizer: o200k, text: shared }, { tokenizer: cl100k, text: shared });
    const regions = diff.changes.map(({ textA, a, b }) => [slice(diff.a, textA), a.end - a.start, b.end - b.start]);
    expect(regions.at(-1)).toEqual(["ствуйте", 1, 3]);
  });

  it("refuses two texts under two tokenizers", () => {
    expect(() => diffTokens({ tokenizer: o200k, text: "a" }, { tokenizer: cl100k, text: "b" })).toThrow(/cannot be compared/);
  });
});

describe("more text in fewer tokens", () => {
  it("exists in both vocabularies, and what is found is true", () => {
    for (const tokenizer of [o200k, cl100k]) {
      const drops = findCountDrops(tokenizer, 50);
      expect(drops.length).toBe(50);
      for (const { before, tokensBefore, after, tokensAfter } of drops) {
        expect(after.startsWith(before) && after.length > before.length).toBe(true);
        expect([tokenizer.count(before), tokenizer.count(after)]).toEqual([tokensBefore, tokensAfter]);
        expect(tokensAfter).toBeLessThan(tokensBefore);
        expect(explainCountChange(tokenizer, before, after).regions[0]?.cause).toBe("merged");
      }
    }
    expect([o200k.count(" Pennsylvani"), o200k.count(" Pennsylvania")]).toEqual([5, 1]);
    expect([cl100k.count(" encyclopedi"), cl100k.count(" encyclopedia")]).toEqual([5, 1]);
  });
});

describe("why a count changed", () => {
  it("adds up, whatever was changed", () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const change = explainCountChange(o200k, before, after);
        expect(change.after - change.before).toBe(change.regions.reduce((sum, region) => sum + region.change, 0));
        expect([change.before, change.after]).toEqual([o200k.count(before), o200k.count(after)]);
        expect(change.sameStart + change.sameEnd).toBeLessThanOrEqual(change.before);
      }),
    );
  });

  it("tells merged from split, and added from removed", () => {
    const cause = (before: string, after: string) => explainCountChange(o200k, before, after).regions.map(({ cause, change }) => [cause, change]);
    expect(cause("Read my notebo", "Read my notebook")).toEqual([["merged", -1]]);
    expect(cause("Read my notebook", "Read my notebo")).toEqual([["split", 1]]);
    expect(cause("Read it", "Read it twice")).toEqual([["added", 1]]);
    expect(cause("Read it twice", "Read it")).toEqual([["removed", -1]]);
    expect(cause("Read one word", "Read two words")).toEqual([["replaced", 0]]);
  });
});
