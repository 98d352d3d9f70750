import { createHash } from "node:crypto";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { auditTerms, type ComparedTokenizer, compareTokenizers, type TokenPrices } from "@cutaway/tokenizer/reports";
import { describe, expect, test } from "vitest";
import { auditHtml, comparisonHtml } from "../src/index.ts";

const hostile = `</style></script><img src=x onerror="alert(1)">\u202Eevil\u202C \u200Bhidden\u0007 <!-- & '`;
const tokenizer = await loadTokenizer("o200k_base");
const other = await loadTokenizer("cl100k_base");

const prices = (perMillion: number): TokenPrices => ({
  price: { provider: hostile, model: hostile, at: "2026-01-01T00:00:00.000Z", source: { name: hostile, version: "1", date: "2026-01-01" } },
  caveats: [hostile],
  cost: (input) => (input * perMillion) / 1_000_000,
});

const compared: ComparedTokenizer[] = [
  { name: hostile, tokenizer, prices: prices(2.5) },
  { name: "second", tokenizer: other, exact: false, prices: prices(3) },
  { name: "third", tokenizer: other, prices: { unknown: hostile } },
  { name: "base", tokenizer: other, baseline: true },
];
const queries = [hostile, "one two", "drei", "четыре", "五", "six"].map((text, i) => (i === 1 ? { text, language: hostile } : { text }));
const comparison = comparisonHtml(compareTokenizers(compared, queries, { queriesPerMonth: 1000 }), `cutaway ${hostile}`);
const audit = auditHtml(
  auditTerms(tokenizer, [{ text: hostile, frequency: 2 }, { text: `${hostile}2` }, { text: "<|endoftext|>" }, { text: "\ud800x" }]),
  `cutaway ${hostile}`,
);

/** Every tag of the page, as a browser would see them outside of its style. */
const tagsOf = (page: string) =>
  new Set(
    [...page.replace(/<style>[\s\S]*?<\/style>/, "").matchAll(/<\s*(\/?[a-zA-Z!][^\s>/]*)/g)].map(([, tag]) => (tag as string).replace("/", "")),
  );

const known = new Set(
  "!doctype html head meta title style body header h1 h2 h3 p section div b br table thead tbody tr th td svg rect line span ul li details summary code footer".split(
    " ",
  ),
);

describe.each([
  ["a comparison", comparison],
  ["an audit", audit],
])("the page of %s", (_, page) => {
  test("has no tag that a text put there", () => {
    expect([...tagsOf(page)].filter((tag) => !known.has(tag))).toEqual([]);
    expect(page).toContain("&lt;img src=x onerror=&quot;alert(1)&quot;&gt;");
    expect(page.split("</style>")).toHaveLength(2);
  });

  test("shows characters that hide or reorder by their names", () => {
    expect(page).not.toMatch(/[\u202a-\u202e\u200b\u0007\ud800-\udfff](?![\udc00-\udfff])/);
    expect(page).toContain('<span class="hidden">U+202E</span>');
  });

  test("loads nothing, runs nothing, and allows its own style only", () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|\sstyle=|\son[a-z]+="|url\(|@import/);
    const css = /<style>([\s\S]*?)<\/style>/.exec(page)?.[1] as string;
    expect(page).toContain(`default-src 'none'; style-src 'sha256-${createHash("sha256").update(css).digest("base64")}'`);
  });

  test("closes what it opens", () => {
    for (const tag of ["table", "tr", "td", "th", "section", "div", "ul", "li", "svg", "span", "details"]) {
      expect(page.match(new RegExp(`<${tag}[\\s>]`, "g"))?.length ?? 0, tag).toBe(page.match(new RegExp(`</${tag}>`, "g"))?.length ?? 0);
    }
    expect(page.trimEnd().endsWith("</body></html>")).toBe(true);
  });
});

describe("a comparison's page", () => {
  const plain = comparisonHtml(
    compareTokenizers(
      [
        { name: "gpt-4o", tokenizer, prices: prices(2) },
        { name: "gpt-4", tokenizer: other, prices: prices(30) },
      ],
      [..."abcdef"].map((letter) => ({ text: `${letter} Привет, как дела?`, language: "ru" })),
      { queriesPerMonth: 1000 },
    ),
  );

  test("says what the report says", () => {
    expect(plain).toContain("gpt-4o is the cheapest, and the interval of every difference lies above 0.");
    expect(plain).toContain("A month, 1,000 queries");
    expect(plain).toContain("6 queries · 192 bytes");
  });

  test("draws a bar as long as the value's share of the most", () => {
    const fertility = /Tokens a word, by language[\s\S]*$/.exec(plain)?.[0] ?? "";
    const cells = [...fertility.matchAll(/<td class="number(?: low)?">([\d.]+)<svg class="bar"[^>]*><rect width="([\d.]+)"/g)].map(
      ([, value, width]) => [Number(value), Number(width)],
    );
    expect(cells).toHaveLength(2);
    const [[low = 0, lowWidth = 0] = [], [high = 1, highWidth = 0] = []] = cells.sort(([a = 0], [b = 0]) => a - b);
    expect(highWidth).toBe(100);
    expect(lowWidth).toBeCloseTo((low / high) * 100, 0);
  });

  test("of one query has no interval and no chart of differences", () => {
    const page = comparisonHtml(compareTokenizers(compared.slice(0, 2), [{ text: "one" }]));
    expect(page).toContain("too few for an interval");
    expect(page).not.toContain('class="strip-plot"');
  });
});
