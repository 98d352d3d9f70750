import { isCutawayError } from "@cutaway/core";
import { readQueries, readTerms, rowFormatOf } from "@cutaway/tokenizer/reports";
import fc from "fast-check";
import { describe, expect, test } from "vitest";

const codeOf = (run: () => unknown): string => {
  try {
    run();
  } catch (error) {
    if (isCutawayError(error)) return `${error.code}: ${error.message}`;
    throw error;
  }
  return "no error";
};

describe("queries", () => {
  test("a text a line, as it stands, blank lines left out", () => {
    expect(readQueries("\ufeff one \r\n\n  \ntwo\rthree", "lines")).toEqual([{ text: " one " }, { text: "two" }, { text: "three" }]);
  });

  test("CSV with quotes, line breaks in cells and fields by their usual names", () => {
    const csv = 'lang,query,answer\nen,"Say ""hi"",\nplease",ok\r\n,plain,\n';
    expect(readQueries(csv, "csv")).toEqual([
      { text: 'Say "hi",\nplease', language: "en", answer: "ok" },
      { text: "plain", answer: "" },
    ]);
  });

  test("TSV, JSONL and JSON; numbers are texts, other fields are left alone", () => {
    expect(readQueries("text\tlanguage\na, b\tde", "tsv")).toEqual([{ text: "a, b", language: "de" }]);
    expect(readQueries('{"prompt": "a", "n": {"b": 1}}\n\n{"prompt": 7}\n', "jsonl")).toEqual([{ text: "a" }, { text: "7" }]);
    expect(readQueries('["a", {"text": "b"}]', "json")).toEqual([{ text: "a" }, { text: "b" }]);
  });

  test("named fields win over usual names", () => {
    expect(readQueries("text,frage,sprache\na,b,de", "csv", { text: "frage", language: "sprache" })).toEqual([{ text: "b", language: "de" }]);
  });

  test("what is wrong is said with its line", () => {
    expect(codeOf(() => readQueries("", "lines"))).toBe("no-queries: the file holds no query");
    expect(codeOf(() => readQueries("a,b\n", "csv"))).toBe("no-queries: the file holds no query");
    expect(codeOf(() => readQueries("a,b\n1,2", "csv"))).toBe("no-field: no field holds the text");
    expect(codeOf(() => readQueries("text\n1", "csv", { text: "frage" }))).toBe('no-field: there is no field "frage"');
    expect(codeOf(() => readQueries("text\nx", "csv", { language: "sprache" }))).toBe('no-field: there is no field "sprache"');
    expect(codeOf(() => readQueries("text,lang\nx", "csv"))).toBe("bad-csv: line 2 has 1 cells, the header has 2");
    expect(codeOf(() => readQueries('text\n"a\nb', "csv"))).toBe("bad-csv: line 2 has a quote that does not end");
    expect(codeOf(() => readQueries('text\n"a" b', "csv"))).toBe("bad-csv: line 2 holds text after a closing quote");
    expect(codeOf(() => readQueries('text\n"two\nlines"\n" "', "csv"))).toBe("empty-row: line 4 has no text");
    expect(codeOf(() => readQueries('{"text": "a"}\n{', "jsonl"))).toMatch(/^bad-json: line 2 is no JSON/);
    expect(codeOf(() => readQueries("[1]", "jsonl"))).toBe("bad-json: line 1 is neither a text nor an object");
    expect(codeOf(() => readQueries('{"text": "a"}', "json"))).toBe("bad-json: line 1 is no list");
    expect(codeOf(() => readQueries('{"text": "a"}\n{"text": ""}', "jsonl"))).toBe("empty-row: line 2 has no text");
  });

  test("field names of objects' own machinery are names like any other", () => {
    expect(readQueries('{"__proto__": "x", "text": "a"}', "jsonl", { language: "__proto__" })).toEqual([{ text: "a", language: "x" }]);
  });
});

describe("terms", () => {
  test("with frequencies where the row has one", () => {
    expect(readTerms("term,count\n R-290 ,12\nE-037,\n", "csv")).toEqual([{ text: "R-290", frequency: 12 }, { text: "E-037" }]);
  });

  test("a frequency that is no number is refused", () => {
    expect(codeOf(() => readTerms("term,count\na,many", "csv"))).toBe('bad-frequency: line 2: "many" is no frequency');
    expect(codeOf(() => readTerms("term,count\na,-1", "csv"))).toMatch(/^bad-frequency/);
  });
});

test("formats go by the file's name", () => {
  expect(["a.csv", "a.TSV", "a.jsonl", "a.ndjson", "a.json", "a.txt", "csv"].map(rowFormatOf)).toEqual([
    "csv",
    "tsv",
    "jsonl",
    "jsonl",
    "json",
    "lines",
    "lines",
  ]);
});

test("what CSV can say comes back from it", () => {
  const cell = fc.string({ unit: fc.constantFrom("a", '"', ",", "\n", "\r", " ", "é"), minLength: 1 }).filter((text) => text.trim() !== "");
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
      const csv = `text\n${cells.map((text) => `"${text.replaceAll('"', '""')}"`).join("\n")}`;
      expect(readQueries(csv, "csv").map(({ text }) => text)).toEqual(cells);
    }),
  );
});

test("any bytes end in rows or in an error of ours", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary" }), fc.constantFrom("lines", "csv", "tsv", "jsonl", "json"), (text, format) => {
      codeOf(() => readQueries(text, format));
      codeOf(() => readTerms(text, format));
    }),
  );
});
