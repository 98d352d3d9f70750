import { loadTokenizer } from "@cutaway/tokenizer/named";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "./browser.ts";
import { openWorkbench, type Workbench } from "./open-workbench.ts";

const path = chromiumPath();

/** The tokenizer bench as it is built, on the real server with the tokenizers that come with Cutaway. */
describe.skipIf(path === undefined)("the tokenizer bench", () => {
  let workbench: Workbench;
  let page: Page;
  let trouble: string[];

  beforeAll(async () => {
    workbench = await openWorkbench(path ?? "");
    ({ trouble } = workbench);
    page = await workbench.newPage({ width: 1500, height: 900 });
  }, 120_000);

  afterAll(() => workbench?.close());

  afterEach(() => {
    expect(trouble.splice(0)).toEqual([]);
  });

  const open = (query: Record<string, string>, on = page) => on.goto(`${workbench.server.url}/?${new URLSearchParams(query)}`);
  const text = (testId: string, on = page) => on.getByTestId(testId).innerText();
  const query = (name: string, on = page) => new URL(on.url()).searchParams.get(name);
  const box = () => page.getByTestId("bench-text");
  const figures = (column: number) => page.getByTestId(`bench-${column}-figures`);
  const ids = async (name: string, words: string) => [...(await loadTokenizer(name)).encode(words, { disallowedSpecial: "as-text" })];
  /** What the strip of a column tells of every token, walked by keyboard. */
  const told = async (column: number, tokens: number) => {
    const strip = page.getByTestId(`bench-${column}`);
    await strip.focus();
    await page.keyboard.press("Home");
    const out: string[] = [];
    for (let i = 0; i < tokens; i++) {
      await expect.poll(() => text(`bench-${column}-live`)).toContain(`#${i} `);
      out.push(await text(`bench-${column}-live`));
      await page.keyboard.press("ArrowRight");
    }
    return out;
  };

  test("is reached by key and by its name at the top, and left by Escape", async () => {
    await page.goto(workbench.server.url);
    await page.getByTestId("empty").waitFor();
    await page.keyboard.press("b");
    await page.getByTestId("bench").waitFor();
    expect(query("bench")).toBe("tokens");
    await page.keyboard.press("Escape");
    await page.getByTestId("empty").waitFor();
    await page.getByRole("button", { name: "Tokenizers" }).click();
    await page.getByTestId("bench").waitFor();
  });

  test("pasted text becomes tokens with the tokenizer's own ids and bytes", async () => {
    const words = "Grüße an 👩‍👩‍👧!";
    await open({ bench: "tokens", with: "o200k_base,gpt2" });
    await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), words);
    await box().focus();
    await page.keyboard.press("Control+v");
    for (const [column, name] of ["o200k_base", "gpt2"].entries()) {
      const expected = await ids(name, words);
      await figures(column).getByText(`${expected.length} tokens`).waitFor();
      const tokenizer = await loadTokenizer(name);
      const lines = await told(column, expected.length);
      for (const [i, id] of expected.entries()) {
        expect(lines[i]).toContain(`id ${id} `);
        expect(lines[i]).toContain(
          Buffer.from(tokenizer.bytesOf(id) ?? [])
            .toString("hex")
            .toUpperCase()
            .replace(/..(?=.)/g, "$& "),
        );
      }
    }
    expect(query("text")).toBe(words);
    await page.reload();
    await figures(0).waitFor();
    expect(await box().inputValue()).toBe(words);
  });

  test("a clicked token tells its piece, merge by merge, and the command that prints the same", async () => {
    await open({ bench: "tokens", with: "cl100k_base", text: "a antidisestablishmentarianism" });
    const strip = page.getByTestId("bench-0");
    await strip.waitFor();
    await strip.click({ position: { x: 160, y: 22 } });
    await page.getByTestId("merges").waitFor();
    const origin = await text("origin");
    expect(origin).toContain("antidisestablishmentarianism");
    expect(origin).toContain("npx cutaway tokens trace --tokenizer cl100k_base --text 'a antidisestablishmentarianism' --piece 1");
    const trace = (await loadTokenizer("cl100k_base")).trace("a antidisestablishmentarianism").stretches[0];
    const found = trace?.kind === "text" ? trace.pieces.at(-1)?.found : undefined;
    const merges = found?.by === "merges" ? found.merges : [];
    expect(merges.length).toBeGreaterThan(10);
    const rows = page.getByTestId("merges").getByRole("listitem");
    expect(await rows.count()).toBe(merges.length + 1);
    const ranks = await rows.locator("small").allInnerTexts();
    expect(ranks.slice(1)).toEqual(merges.map(({ rank }) => rank.toLocaleString("en-US")));
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByTestId("origin").count()).toBe(0);
    expect(query("pick")).toBeNull();
    await page.keyboard.press("]");
    await page.getByTestId("origin").waitFor();
    expect(await text("origin")).toContain("#0 of");
  });

  test("places where two tokenizers disagree are counted and lit; where they agree, nothing is", async () => {
    await open({ bench: "tokens", with: "o200k_base,gpt2", text: "plain words, 567 and can't" });
    await figures(1)
      .getByText(/places? differs?/)
      .waitFor();
    expect(await litPixels(page)).toBeGreaterThan(50);
    await page.keyboard.press("m");
    await expect.poll(() => litPixels(page)).toBe(0);
    await open({ bench: "tokens", with: "o200k_base,cl100k_base", text: "plain words" });
    await figures(1).getByText("same borders").waitFor();
    expect(await litPixels(page)).toBe(0);
  });

  test("special tokens are text until they are to be read, and then are marked", async () => {
    await open({ bench: "tokens", with: "o200k_base", text: "one<|endoftext|>two" });
    await figures(0).waitFor();
    expect(await figures(0).innerText()).not.toContain("special");
    await page.getByText("read special tokens").click();
    await figures(0).getByText("special").waitFor();
    expect(await figures(0).innerText()).toMatch(/^3\s*tokens/);
  });

  test("ids and bytes stand in the boxes by key; the cost is at the dated price", async () => {
    await open({ bench: "tokens", with: "o200k_base", text: "Hello world" });
    await figures(0).getByText("$0.000005").waitFor();
    await page.keyboard.press("c");
    await expect.poll(() => query("show")).toBe("ids");
    await page.keyboard.press("c");
    await expect.poll(() => query("show")).toBe("bytes");
    await page.getByLabel("priced as").fill("");
    await expect.poll(() => figures(0).innerText()).not.toContain("$");
  });

  test("what hides in a text is told with its place, and lit", async () => {
    await open({ bench: "tokens", with: "o200k_base", text: "Answer:\u200B yes.<|endoftext|> " });
    const lints = page.getByTestId("lints");
    await lints.waitFor();
    expect(await lints.innerText()).toMatch(/special-token[\s\S]*trailing-space/);
    expect(await litPixels(page)).toBe(0);
    await lints.getByRole("button").first().click();
    await expect.poll(() => litPixels(page)).toBeGreaterThan(50);
  });

  test("text that wants to be markup stays text, wherever it is shown", async () => {
    const hostile = `<img src=x onerror="document.title='owned'"> \u202Egpj.exe</textarea><script>alert(1)</script>`;
    await open({ bench: "tokens", with: "o200k_base,bert-base-uncased", text: hostile, pick: "0.3" });
    await page.getByTestId("origin").waitFor();
    await page.getByTestId("lints").waitFor();
    await page.keyboard.press("2");
    await page.getByTestId("bench-other").fill(`${hostile}<b>`);
    await page.getByTestId("diff-figures").waitFor();
    await page.keyboard.press("Escape");
    await open({ bench: "terms" });
    await page.getByTestId("bench-terms").fill(hostile);
    await page.getByTestId("audit-verdict").waitFor();
    expect(await page.evaluate(() => document.querySelectorAll("main img, main script, main b b").length)).toBe(0);
    expect(await page.title()).toBe("Cutaway");
  });

  test("two texts: the places that differ, why, and what the count became", async () => {
    await open({ bench: "texts", with: "o200k_base" });
    await page.getByTestId("bench-text").fill("Answer briefly: strawberry");
    await page.getByTestId("bench-other").fill("Answer briefly: strawberries ");
    await page.getByTestId("diff-figures").waitFor();
    const [before, after] = [await ids("o200k_base", "Answer briefly: strawberry"), await ids("o200k_base", "Answer briefly: strawberries ")];
    await expect.poll(() => text("diff-figures")).toMatch(new RegExp(`^${before.length}\\s*→\\s*${after.length}`));
    await expect.poll(() => litPixels(page)).toBeGreaterThan(50);
    expect(await page.getByRole("table").innerText()).toContain("strawberries");
    expect(await text("bench-diff")).toContain("npx cutaway tokens diff");
  });

  test("an uploaded list of terms is audited, sorted, and saved", async () => {
    await open({ bench: "terms", with: "o200k_base,bytes" });
    const csv = "term,frequency\nwindow,5\nSKU-4471-B,40\nhydrochlorothiazide,12\n";
    await page.getByTestId("terms-file").setInputFiles({ name: "products.csv", mimeType: "text/csv", buffer: Buffer.from(csv) });
    await page.getByTestId("audit-verdict").waitFor();
    const firsts = async () => (await page.getByTestId("term-table").getByRole("row").allInnerTexts()).slice(1).map((row) => row.split(/\s/)[1]);
    expect(await firsts()).toEqual(["SKU-4471-B", "hydrochlorothiazide", "window"]);
    await page.getByRole("columnheader", { name: "term" }).getByRole("button").click();
    expect(await firsts()).toEqual(["hydrochlorothiazide", "SKU-4471-B", "window"]);
    await expect.poll(() => text("rivals")).toMatch(/bytes\s*\d+\.\d\d\s*more/);
    expect(await text("audit-verdict")).toMatch(/Keep the tokenizer|Add tokens|Train a tokenizer/);
    expect(await text("bench-audit")).toContain("npx cutaway tokens audit products.csv --model gpt-4o");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save CSV" }).click()]);
    expect(download.suggestedFilename()).toBe("audit.csv");
  });

  test("an uploaded tokenizer takes its place on the bench; a file that is none is refused in words", async () => {
    await open({ bench: "tokens", with: "o200k_base", text: "aabab" });
    await figures(0).waitFor();
    await page.getByTestId("bench-upload").setInputFiles({ name: "tokenizer.json", mimeType: "application/json", buffer: Buffer.from("{}") });
    await page.locator(".message.failed").waitFor();
    expect(trouble.splice(0).filter((line) => !line.includes("400"))).toEqual([]);
    await page.getByTestId("bench-upload").setInputFiles({ name: "tokenizer.json", mimeType: "application/json", buffer: Buffer.from(tiny) });
    await figures(1).waitFor();
    expect(await figures(1).innerText()).toMatch(/^2\s*tokens/);
    await page.getByRole("button", { name: "Remove o200k_base" }).click();
    await expect.poll(() => page.getByTestId("bench-1-figures").count()).toBe(0);
  });

  test("a file dropped on the bench is its text", async () => {
    await open({ bench: "tokens", with: "o200k_base" });
    await box().waitFor();
    await page.evaluate(() => {
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File(["dropped words"], "notes.txt", { type: "text/plain" }));
      for (const type of ["dragover", "drop"]) document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    });
    await expect.poll(() => box().inputValue()).toBe("dropped words");
  });

  test("100,000 tokens scroll, and typing among them goes on", async () => {
    await open({ bench: "tokens", with: "o200k_base" });
    const long = "The quick brown fox, naïve as ever, jumps over 12345 lazy dogs.\n".repeat(6500);
    const expected = (await ids("o200k_base", long)).length;
    expect(expected).toBeGreaterThan(100_000);
    await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), long);
    await box().focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.press("Control+v");
    await figures(0)
      .getByText(`${expected.toLocaleString("en-US")} tokens`)
      .waitFor();
    const frames = await page.evaluate(async () => {
      const scroller = document.querySelector(".strip-scroller") as HTMLElement;
      const times: number[] = [];
      let last = performance.now();
      for (let i = 0; i < 120; i++) {
        await new Promise(requestAnimationFrame);
        times.push(performance.now() - last);
        last = performance.now();
        scroller.scrollTop += 400;
      }
      return times.slice(1).sort((a, b) => a - b);
    });
    // 60 frames a second on an idle machine; the bound leaves room for a busy one.
    expect(frames[Math.floor(frames.length / 2)]).toBeLessThan(50);
    await page.getByTestId("bench-0").focus();
    await page.keyboard.press("End");
    await expect.poll(() => text("bench-0-live")).toContain(`#${expected - 1} `);
    await box().focus();
    await page.keyboard.press("Control+End");
    await page.keyboard.type("antidisestablishmentarianism");
    const typed = (await ids("o200k_base", `${long}antidisestablishmentarianism`)).length;
    await figures(0)
      .getByText(`${typed.toLocaleString("en-US")} tokens`)
      .waitFor();
  });

  test("on a narrow screen nothing is wider than it", async () => {
    const narrow = await workbench.newPage({ width: 420, height: 860 }, "light");
    const words = "Tokenization of antidisestablishmentarianism<|endoftext|> and more of it";
    for (const where of [
      { bench: "tokens" },
      { bench: "tokens", text: words, with: "o200k_base,gpt2,bytes", pick: "1.2" },
      { bench: "texts", text: words },
    ]) {
      await open(where as Record<string, string>, narrow);
      await narrow.getByTestId("bench").waitFor();
      await narrow.waitForTimeout(500);
      expect(
        await narrow.evaluate(() => Math.max(document.documentElement.scrollWidth, document.querySelector("main")?.scrollWidth ?? 0)),
      ).toBeLessThanOrEqual(420);
    }
    await open({ bench: "tokens", text: words, with: "o200k_base,gpt2", pick: "1.2" }, narrow);
    await narrow.getByTestId("lints").waitFor();
    const [lints, columns] = [await narrow.getByTestId("lints").boundingBox(), await narrow.getByTestId("bench-columns").boundingBox()];
    expect((lints?.y ?? 0) + (lints?.height ?? 0)).toBeLessThanOrEqual(columns?.y ?? 0);
    await narrow.context().close();
  });
});

const tiny = JSON.stringify({
  version: "1.0",
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
  post_processor: null,
  decoder: { type: "ByteLevel" },
  model: { type: "BPE", vocab: { a: 0, b: 1, ab: 2, aab: 3 }, merges: ["a b", "a ab"] },
});

/** Pixels of all strips in the colour that lights. */
function litPixels(page: Page): Promise<number> {
  return page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    const probe = document.createElement("span");
    probe.style.color = "var(--lit)";
    document.body.append(probe);
    const [r, g, b] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
    probe.remove();
    let count = 0;
    for (const strip of document.querySelectorAll<HTMLCanvasElement>(".strip-canvas")) {
      const canvas = document.createElement("canvas");
      const context = canvas.getContext("2d");
      if (!context || strip.width === 0) continue;
      canvas.width = strip.width;
      canvas.height = strip.height;
      context.drawImage(strip, 0, 0);
      const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
      for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b) count++;
    }
    return count;
  });
}
