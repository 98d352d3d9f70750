import { describe, expect, test } from "vitest";
import { checkText, compileLanguage, type LanguageReading, type LanguageSource } from "../src/index.ts";

const check = (source: LanguageSource, text: string, reading?: LanguageReading) => checkText(compileLanguage(source, reading), text);

describe("a text against a language", () => {
  const citation: LanguageSource = { kind: "regex", pattern: String.raw`\d+ U\.S\.C\. § \d+` };

  test("whole, the beginning of one, and broken at a byte", () => {
    expect(check(citation, "42 U.S.C. § 1983")).toEqual({ is: "whole" });
    expect(check(citation, "42 U.S.")).toMatchObject({ is: "beginning", expected: "“C”" });
    expect(check(citation, "42 U.S.X")).toMatchObject({ is: "broken", at: 7, before: "42 U.S.", found: "X", expected: "“C”" });
  });

  test("where it breaks inside a character, the character is told whole", () => {
    expect(check(citation, "42 U.S.C. ¶ 1")).toMatchObject({ is: "broken", at: 11, before: "42 U.S.C. ", found: "¶" });
  });

  test("a pattern holds the whole text, not a part of it", () => {
    expect(check({ kind: "regex", pattern: "b" }, "abc").is).toBe("broken");
    expect(check({ kind: "regex", pattern: "^b$" }, "b").is).toBe("whole");
  });

  test("one of several texts", () => {
    const choice: LanguageSource = { kind: "choice", texts: ["yes", "no", "yesterday"] };
    expect(check(choice, "yes").is).toBe("whole");
    expect(check(choice, "y")).toMatchObject({ is: "beginning", expected: "“e”" });
    expect(check(choice, "")).toMatchObject({ is: "beginning", expected: "“n”, “y”" });
    expect(check(choice, "yesterdays")).toMatchObject({ is: "broken", expected: "the end" });
  });

  test("free text comes first, up to a mark", () => {
    const after = { after: "</think>" };
    const digits: LanguageSource = { kind: "regex", pattern: "\\d" };
    expect(check(digits, "hm, <2 or </thin ... </think>7", after).is).toBe("whole");
    expect(check(digits, "</think>7", after).is).toBe("whole");
    expect(check(digits, "7", after).is).toBe("beginning");
    expect(check(digits, "a</think>b", after)).toMatchObject({ is: "broken", at: 9, expected: "“0” to “9”" });
    expect(check(digits, "a</think></think>7", after)).toMatchObject({ is: "broken", at: 9 });
  });
});
