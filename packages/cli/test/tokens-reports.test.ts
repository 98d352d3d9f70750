import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { emptyPlace } from "./run-cutaway.ts";

const place = emptyPlace();
const { cutaway, folder } = place;
afterAll(place.remove);

const put = (name: string, text: string | Uint8Array) => writeFileSync(join(folder, name), text);
put("queries.csv", "query,lang,answer\nHello there,en,Hi\nBonjour,fr,\n");
put("terms.txt", "heat pump\nTHX-4470-B\n<|endoftext|>\n\u001b[31mred\u202e\n");
put("empty.txt", "\n\n");
put("latin1.txt", Buffer.from([0x66, 0xfc, 0x72]));
put("model.csv", "text\none two three\n");

describe("tokens compare", () => {
  it("reads standard input, a query a line", async () => {
    const { code, stdout } = await cutaway(["tokens", "compare", "-", "--json", "--no-baselines"], { input: "one two\nthree\n" });
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "cutaway/tokens-compare",
      version: 1,
      queries: 2,
      words: 3,
      tokenizers: [{ name: "o200k_base" }, { name: "cl100k_base" }],
    });
  });

  it("prices answers as output, and says that the price is unknown where it is", async () => {
    const { stdout } = await cutaway([
      "tokens",
      "compare",
      "queries.csv",
      "--model",
      "gpt-4o-mini",
      "--no-baselines",
      "--at",
      "2026-09-01",
      "--json",
    ]);
    const [{ tokens, outputTokens, cost }] = JSON.parse(stdout).tokenizers;
    expect(outputTokens.total).toBe(1);
    expect(cost.perQuery.total).toBeCloseTo((tokens.total * 0.15 + 1 * 0.6) / 1e6, 15);
    expect(cost).toMatchObject({ estimate: false, price: { provider: "openai", model: "gpt-4o-mini", at: "2026-09-01T00:00:00.000Z" } });
  });

  it("prices a model by a tokenizer of one's own, then not as an estimate", async () => {
    const estimated = await cutaway(["tokens", "compare", "model.csv", "--model", "claude-sonnet-4-5", "--json"]);
    const own = await cutaway(["tokens", "compare", "model.csv", "--model", "claude-sonnet-4-5=gpt2", "--json"]);
    expect(JSON.parse(estimated.stdout).tokenizers[0]).toMatchObject({ tokenizer: "o200k_base", exact: false });
    expect(JSON.parse(own.stdout).tokenizers[0]).toMatchObject({ tokenizer: "gpt2", exact: true, cost: { estimate: false } });
  });

  it("keeps every table within 80 columns", async () => {
    const { stdout } = await cutaway(
      ["tokens", "compare", "queries.csv", "--model", "gpt-4o-mini", "--model", "gpt-4-turbo", "--model", "claude-sonnet-4-5"],
      { env: { COLUMNS: "80" } },
    );
    expect(Math.max(...stdout.split("\n").map((row) => row.length))).toBeLessThanOrEqual(80);
  });

  it("writes a page with the command in it, and does not replace one unasked", async () => {
    const args = ["tokens", "compare", "queries.csv", "--html", "out.html"];
    const first = await cutaway(args);
    expect(first.stderr).toMatch(/^wrote out\.html \(\d+ kB\)\n$/);
    expect(readFileSync(join(folder, "out.html"), "utf8")).toContain("cutaway tokens compare queries.csv --html out.html</code>");
    expect(await cutaway(args)).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("out.html exists") });
    expect((await cutaway([...args, "--force"])).code).toBe(0);
  });
});

describe("tokens audit", () => {
  it("shows terms that are hostile to a terminal by names", async () => {
    const { code, stdout } = await cutaway(["tokens", "audit", "terms.txt"]);
    expect(code).toBe(0);
    expect(stdout).toContain("␛[31mred");
    expect(stdout).not.toMatch(/[\u001b\u202e]/);
    expect(stdout).toContain("special token");
  });

  it("is CSV with every term", async () => {
    const { stdout } = await cutaway(["tokens", "audit", "terms.txt", "--csv"]);
    expect(stdout.split("\n").map((row) => row.split(",")[0])).toEqual([
      "term",
      "heat pump",
      "THX-4470-B",
      "<|endoftext|>",
      "\u001b[31mred\u202e",
      "",
    ]);
  });

  it("measures the saving in a corpus", async () => {
    put("corpus.txt", "The THX-4470-B is out. Order a THX-4470-B now.");
    const { stdout } = await cutaway(["tokens", "audit", "terms.txt", "--corpus", "corpus.txt", "--model", "gpt-4o", "--json"]);
    expect(JSON.parse(stdout).saving).toMatchObject({ from: "corpus", occurrences: 2, usd: expect.any(Number) });
  });
});

describe("what cannot be", () => {
  const wrong: [string[], string][] = [
    [["compare", "missing.csv"], "missing.csv: no such file"],
    [["compare", "empty.txt"], "the file holds no query"],
    [["audit", "empty.txt"], "the file holds no term"],
    [["compare", "latin1.txt"], "latin1.txt is not UTF-8 text"],
    [["compare", "queries.csv", "--field", "frage"], 'there is no field "frage"'],
    [["compare", "queries.csv", "--model", "no-such-model"], "the catalog does not know the model no-such-model"],
    [["compare", "queries.csv", "--tokenizer", "gpt2", "--tokenizer", "gpt2"], '"gpt2" is named twice'],
    [["compare", "queries.csv", "--csv", "--json"], "tokens compare: --csv and --json both choose the output"],
    [["compare", "queries.csv", "--queries-per-month", "5"], "--queries-per-month does nothing without --model"],
    [["compare", "queries.csv", "--force"], "--force does nothing without --html"],
    [["audit", "terms.txt", "--at", "2026-01-01"], "--at does nothing without --model"],
    [["audit", "terms.txt", "--threshold", "splitTokens=many"], '--threshold: "splitTokens=many" will not do'],
    [["audit", "terms.txt", "--threshold", "corpusFertility=3"], "--threshold corpusFertility does nothing without --corpus"],
    [["audit", "terms.txt", "--full", "--csv"], "--full is for the terminal"],
  ];

  it.each(wrong)("%j is refused", async (args, message) => {
    const page = args.includes("--force") ? [] : ["--html", "refused.html"];
    const { code, stdout, stderr } = await cutaway(["tokens", ...args, ...page]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(args.includes("--json") ? (JSON.parse(stderr) as { message: string }).message : stderr).toContain(message);
    expect(existsSync(join(folder, "refused.html"))).toBe(false);
  });
});
