import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Lint, type LintInput, lintBoundaries, lintInjection, lintJoins } from "../../src/explain/index.ts";
import { loadTokenizer } from "../../src/named.ts";
import { healthyPrompts } from "./healthy-prompts.ts";

const tokenizers = await Promise.all(["o200k_base", "cl100k_base"].map((name) => loadTokenizer(name)));
const [o200k] = tokenizers as [(typeof tokenizers)[number]];

const lint = (text: string, more: Partial<LintInput> = {}): Lint[] => lintBoundaries({ tokenizer: o200k, texts: [{ text }], ends: "open", ...more });
const said = (text: string, more: Partial<LintInput> = {}) =>
  lint(text, more).map(({ id, severity, span }) => [id, severity, text.slice(span.start, span.end)]);

describe("prompts that have nothing wrong", () => {
  for (const { name, texts, ends } of healthyPrompts) {
    it(`${name}: no lint says anything`, () => {
      for (const tokenizer of tokenizers) {
        const input = { tokenizer, texts: texts.map((text) => ({ text })), ends };
        expect(lintBoundaries(input).map(({ id, says }) => `${id}: ${says}`)).toEqual([]);
        expect(lintInjection(input).map(({ id, says }) => `${id}: ${says}`)).toEqual([]);
      }
    });
  }
});

describe("the end of a prompt", () => {
  it("space there is a warning where the model goes on, a note after a cue in a closed message, nothing else", () => {
    expect(said("Q: Why?\nA: ")).toEqual([["trailing-space", "warning", " "]]);
    expect(said("Q: Why?\nA: ", { ends: "closed" })).toEqual([["trailing-space", "note", " "]]);
    expect(said("Tell me why. ", { ends: "closed" })).toEqual([]);
    expect(said("Once upon a time  ")).toEqual([["trailing-space", "warning", "  "]]);
  });

  it("shows that the space takes the answer's first token away", () => {
    const [first] = lint("Q: Why?\nA: ", { answer: "Because" });
    expect(first?.evidence.map(({ label, ids }) => [label, ids.at(-1)])).toEqual([
      ["as sent", o200k.encode(" ")[0]],
      ["going on", o200k.encode(" Because")[0]],
    ]);
  });

  it("an expected answer that begins inside a token is told, with the token", () => {
    expect(said("Read my note", { answer: "book to me" })).toEqual([["split-at-answer", "warning", " note"]]);
    expect(said("Read my", { answer: " notebook" })).toEqual([]);
  });

  it("a last word in pieces that a token has whole is taken for cut", () => {
    expect(said("Please open my notebo")).toEqual([["cut-word", "warning", "notebo"]]);
    expect(said("Please open my notebook")).toEqual([]);
    expect(said("It is at https:")).toEqual([["cut-word", "warning", "https:"]]);
    expect(said("Please open my notebo", { ends: "closed" })).toEqual([]);
  });
});

describe("examples", () => {
  it("that are spaced differently are told one by one, with what the others have", () => {
    expect(said("A: one\nA:two\nA: three\nA: four\nA:")).toEqual([["few-shot-separator", "warning", "A:two"]]);
    expect(lint("A: one\nA:two\nA: three\nA:")[0]?.fix).toBe("Write “A: two”.");
  });

  it("with arrows are one kind, whatever stands before them", () => {
    expect(said("sea => Meer\nsun =>Sonne\nday => Tag\nmoon => Mond\nnight =>")).toEqual([["few-shot-separator", "warning", "=>Sonne"]]);
  });

  it("whose answers are numbers, which bring no space, may end in one", () => {
    expect(said("Q: 2+2?\nA: 4\nQ: 3+3?\nA: 6\nQ: 5+5?\nA: ")).toEqual([]);
    expect(said("Q: one?\nA: yes\nQ: two?\nA: no\nQ: three?\nA: ").map(([id]) => id)).toEqual(["trailing-space"]);
  });

  it("whose cue the prompt ends in otherwise", () => {
    expect(said("Q: 1\nA: one\nQ: 2\nA: two\nQ: 3\nA:\n")).toEqual([["few-shot-ending", "warning", "A:\n"]]);
    expect(said("Q: 1\nA: one\nQ: 2\nA: two\nQ: 3\nA:")).toEqual([]);
  });
});

describe("characters", () => {
  it("line ends of Windows", () => {
    expect(said("one\r\ntwo\r\nthree")).toEqual([["line-ends", "note", "\r\n"]]);
    expect(said("one\r\ntwo\nthree")).toEqual([["line-ends", "warning", "\r\n"]]);
  });

  it("letters with separate accents, and how many tokens they cost", () => {
    expect(said("un cafe\u0301 noir.")).toEqual([["decomposed", "note", "cafe\u0301"]]);
    expect(said("un cafe\u0301 très noir.")).toEqual([["decomposed", "warning", "cafe\u0301"]]);
    const [before, after] = lint("un cafe\u0301 noir.")[0]?.evidence ?? [];
    expect(before?.ids).toEqual(Array.from(o200k.encode("cafe\u0301")));
    expect(after?.ids).toEqual(Array.from(o200k.encode("café")));
  });

  it("invisible ones, by name, but not where they do their work", () => {
    expect(said("pay\u200bpal.")).toEqual([["invisible", "warning", "\u200b"]]);
    expect(lint("\ufeffHello.")[0]).toMatchObject({ id: "invisible", fix: "Read the file as UTF-8 with BOM." });
    expect(lint("admin\u202etxt.exe.")[0]?.says).toContain("a direction control (U+202E)");
    expect(lint("Hi\u{e0049}\u{e0067}.")[0]?.says).toContain("2 characters that nobody sees: a tag character");
  });

  it("letters of another script that look Latin", () => {
    expect(said("Log in to pаypal now.")).toEqual([["look-alike", "warning", "pаypal"]]);
    expect(lint("Log in to pаypal now.")[0]?.fix).toBe("Write “paypal” in Latin letters.");
  });

  it("spaces of other kinds, indents of two kinds, garbled letters", () => {
    expect(said("Hello,\u00a0world.")).toEqual([["odd-space", "note", "\u00a0"]]);
    expect(said("if a:\n    b\n    c\nif d:\n\te\n\tf.")).toEqual([["mixed-indent", "note", "\t"]]);
    expect(said("The cafÃ© is open.")).toEqual([["mojibake", "warning", "Ã©"]]);
  });
});

describe("joints", () => {
  it("texts without a separator between them", () => {
    const texts = [{ text: "Read the first part" }, { text: "second part.", joined: true }];
    expect(lintBoundaries({ tokenizer: o200k, texts, ends: "closed" }).map(({ id, text }) => [id, text])).toEqual([["split-at-join", 1]]);
    expect(lintBoundaries({ tokenizer: o200k, texts: [texts[0] as { text: string }, { text: "second part." }], ends: "closed" })).toEqual([]);
  });

  it("a message's line break that grows together with the template's", () => {
    const rendered = (message: string) => {
      const [before, after] = ["<|endofprompt|>user\n", "\n<|endofprompt|>"];
      return {
        text: before + message + after,
        parts: [{ span: { start: before.length, end: before.length + message.length }, segment: "user" as const }],
        unlocated: [],
      };
    };
    expect(lintJoins(o200k, rendered("Hello there"))).toEqual([]);
    const [start] = lintJoins(o200k, rendered("\nHello"));
    expect([start?.side, start?.before, start?.after, start?.fix]).toEqual(["start", "\n", "\n", "Trim the message's start."]);
  });
});

it("long texts of one thing take time by their length, all lints together", () => {
  const texts = [
    "a",
    " ",
    "\t",
    "\n",
    "\r",
    "a\u0301",
    "\u0301",
    "\u200b",
    "<",
    "<|",
    "A:",
    "A: b\n",
    "é",
    "Ã©",
    "pа",
    "a\u00a0",
    "\t ",
    " \t",
    "Human: a\n",
    "-",
    "a b ",
  ];
  for (const part of texts) {
    const text = part.repeat(100_000 / part.length);
    for (const whole of [text, `x ${text} `]) {
      const before = process.cpuUsage();
      const input = { tokenizer: o200k, texts: [{ text: whole }, { text: whole, joined: true }], ends: "open" as const, answer: "yes" };
      for (const { span } of [...lintBoundaries(input), ...lintInjection(input)]) expect(span.end).toBeLessThanOrEqual(whole.length);
      const { user, system } = process.cpuUsage(before);
      expect((user + system) / 1000, JSON.stringify(part)).toBeLessThan(2500);
    }
  }
}, 60_000);

it("whatever the text, spans lie inside it and nothing throws", () => {
  const parts = fc.constantFrom(
    "a",
    "é",
    "e\u0301",
    "\u200b",
    "\r\n",
    "\n",
    "\t",
    "  ",
    "A: ",
    "A:x\n",
    "pа",
    "Ã©",
    "<|im_start|>",
    "\ud83d",
    "👋",
    ".",
  );
  fc.assert(
    fc.property(fc.array(parts, { maxLength: 20 }), fc.option(fc.constantFrom("x", " y", "")), fc.boolean(), (pieces, answer, isOpen) => {
      const text = pieces.join("");
      const input = {
        tokenizer: o200k,
        texts: [{ text }],
        ends: isOpen ? ("open" as const) : ("closed" as const),
        ...(answer !== null && { answer }),
      };
      for (const { span, says, fix } of [...lintBoundaries(input), ...lintInjection(input)]) {
        expect(span.start).toBeGreaterThanOrEqual(0);
        expect(span.end).toBeLessThanOrEqual(text.length);
        expect(span.end).toBeGreaterThan(span.start);
        expect(says.endsWith(".") && fix.endsWith(".")).toBe(true);
      }
    }),
    { numRuns: 500 },
  );
});
