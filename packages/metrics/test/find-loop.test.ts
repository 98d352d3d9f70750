import { globSync, readFileSync } from "node:fs";
import { testData } from "@cutaway/core/testing";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findLoop, periodicRuns, suffixRun } from "../src/index.ts";

/** What `periodicRuns` promises, checked the slow way. */
test("every run repeats with its period and could not be longer", () => {
  const unit = fc.string({ unit: fc.constantFrom("a", "b", " ", "c"), minLength: 1, maxLength: 12 });
  const text = fc
    .array(fc.tuple(unit, fc.integer({ min: 1, max: 30 })), { maxLength: 5 })
    .map((parts) => parts.map(([part, times]) => part.repeat(times)).join("|"));
  fc.assert(
    fc.property(text, (said) => {
      for (const { start, end, period } of periodicRuns(said, 30)) {
        for (let i = start + period; i < end; i++) expect(said[i]).toBe(said[i - period]);
        if (start > 0) expect(said[start - 1]).not.toBe(said[start - 1 + period]);
        expect(end - start).toBeGreaterThanOrEqual(Math.max(30, 3 * period));
      }
    }),
  );
});

test("the repeating end is the longest there is, found the slow way", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 40 }), (said) => {
      let best = 0;
      for (let p = 1; p * 3 <= said.length; p++) {
        let extent = p;
        while (extent < said.length && said[said.length - 1 - extent] === said[said.length - 1 - extent + p]) extent++;
        if (extent >= 3 * p) best = Math.max(best, extent);
      }
      const run = suffixRun(said);
      expect(run ? run.end - run.start : 0).toBe(best);
    }),
  );
});

test("a passage repeated at the end is found, wherever the text before it went", () => {
  const word = fc.string({ unit: fc.constantFrom(..."abcdefghijklmnopqrstuvwxyz"), minLength: 2, maxLength: 9 });
  fc.assert(
    fc.property(fc.array(word, { maxLength: 60 }), fc.uniqueArray(word, { minLength: 5, maxLength: 30 }), (before, sentence) => {
      const unit = `${sentence.join(" ")}. `;
      const loop = findLoop(before.join(" ") + unit.repeat(Math.ceil(400 / unit.length) + 12));
      expect(loop).toMatchObject({ kind: "exact", atEnd: true });
      expect((loop?.unit.end ?? 0) - (loop?.unit.start ?? 0)).toBe(unit.length);
    }),
  );
});

const items = (n: number, of: (i: number) => string) => Array.from({ length: n }, (_, i) => of(i)).join("\n");

test.each([
  ["a sentence six times", "And so the river flows on to the sea. ".repeat(6), "exact"],
  ["one word for ever", "very ".repeat(200), "exact"],
  ["one letter for ever", "a".repeat(3_000), "filler"],
  ["line breaks for ever", `{${"\n".repeat(1_500)}`, "filler"],
  ["a long paragraph three times", items(40, (i) => `Rivers of kind ${String.fromCharCode(97 + (i % 26))}${"x".repeat(i)} flow.`).repeat(3), "exact"],
  ["a list whose number alone changes", items(40, (i) => `${i + 1}. Remember to buy the milk today.`), "numbered"],
  ["a Chinese sentence", "河流从山上流下来，一直流到大海。".repeat(12), "exact"],
  [
    "sentences that keep coming back among others",
    items(
      60,
      (i) =>
        ["I should check the answer again.", `Maybe the value is ${"abcdefghij"[i % 10]}, said the ${i % 7}th.`, "Wait, that is not right at all."][
          i % 3
        ] as string,
    ),
    "interleaved",
  ],
])("%s is a loop", (_, text, kind) => {
  expect(findLoop(text)?.kind).toBe(kind);
});

test.each([
  ["a refrain", "Row, row, row your boat, gently down the stream,\nmerrily, merrily, merrily, merrily, life is but a dream.\n".repeat(2)],
  ["a table", items(30, (i) => `| ${i} | yes | no | yes |`)],
  ["a rule of dashes", `Title\n${"-".repeat(300)}\nText`],
  ["zeros in code", `const grid = [${"0, ".repeat(150)}];`],
  ["an array of like items", JSON.stringify(Array.from({ length: 80 }, (_, id) => ({ id, done: false, tags: [] })))],
  ["closing brackets", `${"  }\n".repeat(12)}`],
  ["numbered lines that differ", items(40, (i) => `${i}. ${["buy milk", "feed the cat", "call mother", "water the plants"][i % 4]} on day ${i * 3}`)],
  ["rows of HTML", '<tr><td class="cell">&nbsp;</td></tr>\n'.repeat(15)],
])("%s is none", (_, text) => {
  expect(findLoop(text)).toBeUndefined();
});

const suites = testData("suites");

describe.skipIf(suites === undefined)("texts people and models wrote", () => {
  test("no loop in answers, documents, meetings, schemas and code", () => {
    const files = [
      "policies-github/documents.jsonl",
      "qmsum/qmsum.jsonl",
      "mtrag/human-evaluations.jsonl",
      "humaneval/humaneval.jsonl",
      "xstest/human-labelled-completions.jsonl",
    ];
    const looped: string[] = [];
    for (const file of globSync(files, { cwd: suites })) {
      for (const line of readFileSync(`${suites}/${file}`, "utf8").trim().split("\n")) {
        JSON.parse(line, (_, value) => {
          if (typeof value === "string" && findLoop(value)) looped.push(value.slice(0, 80));
          return value;
        });
      }
    }
    expect(looped).toEqual([]);
  });
});
