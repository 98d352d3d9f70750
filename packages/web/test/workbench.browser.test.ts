import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { RunningServer } from "@cutaway/server";
import type { Store } from "@cutaway/store";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "./browser.ts";
import { openWorkbench, type Workbench } from "./open-workbench.ts";
import { anthropicPair, chatPair, cutChatStream } from "./samples/wire-bodies.ts";
import { tokensOfText } from "./samples/words.ts";

const path = chromiumPath();

/** The workbench as it is built, on the real server, over a store filled by pasting. */
describe.skipIf(path === undefined)("the workbench", () => {
  let workbench: Workbench;
  let page: Page;
  let store: Store;
  let server: RunningServer;
  let upstream: Server;
  let trouble: string[];
  const newPage: Workbench["newPage"] = (...how) => workbench.newPage(...how);

  beforeAll(async () => {
    upstream = createServer((request, response) => {
      request.resume().on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(shortAnswer)));
    });
    await new Promise<void>((ready) => upstream.listen(0, "127.0.0.1", ready));
    const openai = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
    workbench = await openWorkbench(path ?? "", { upstreams: { openai } });
    ({ store, server, trouble } = workbench);
    page = await newPage({ width: 1600, height: 1000 });
  }, 120_000);

  afterAll(async () => {
    await workbench?.close();
    upstream?.close();
  });

  afterEach(() => {
    expect(trouble.splice(0)).toEqual([]);
  });

  const paste = async (text: string) => {
    const answer = await fetch(`${server.url}/api/import`, { method: "POST", body: text });
    expect(answer.status).toBe(200);
    return ((await answer.json()) as { ids: [string] }).ids[0];
  };
  const open = (query: string, on = page) => on.goto(`${server.url}/${query}`);
  const text = (testId: string, on = page) => on.getByTestId(testId).innerText();
  const query = (name: string, on = page) => new URL(on.url()).searchParams.get(name);

  test("starts empty, and says what to paste and what to point here", async () => {
    await open("");
    const empty = page.getByTestId("empty");
    await empty.waitFor();
    expect(await empty.innerText()).toContain(`OPENAI_BASE_URL=${server.url}/v1`);
    expect(await empty.innerText()).toContain(`ANTHROPIC_BASE_URL=${server.url}`);
    await empty.getByLabel("Copy the OpenAI line").click();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(`OPENAI_BASE_URL=${server.url}/v1`);
  });

  test("what is pasted anywhere on the page is imported: an answer alone has its own date, and nothing to replay", async () => {
    const body = { ...shortAnswer, choices: [{ ...shortAnswer.choices[0], finish_reason: "length" }] };
    await page.evaluate((pasted) => navigator.clipboard.writeText(pasted), JSON.stringify(body));
    await page.keyboard.press("Control+v");
    await page.getByTestId("call").waitFor();
    const id = query("call") ?? "";
    expect(await page.locator(".call-ref").innerText()).toContain("answered 2026-");
    await expect.poll(() => page.getByTestId("findings").count()).toBe(1);
    await page.keyboard.press("e");
    await page.getByTestId("evidence").first().waitFor();
    expect(await text("findings")).toContain("Change");
    expect(await text("findings")).not.toContain("cutaway replay");
    await page.evaluate(() => navigator.clipboard.writeText('{"model":"m","messages":[{"role":"user","content":"hi"}]}'));
    await open("");
    await page.locator(`[data-call="${id}"]`).waitFor();
    await page.getByLabel("Search calls").focus();
    await page.keyboard.press("Control+v");
    expect(await page.getByLabel("Search calls").inputValue()).toContain('"model":"m"');
    expect(store.list().rows).toHaveLength(1);
    store.delete([id as never]);
    await open("");
    await page.getByTestId("empty").waitFor();
  });

  test("names a format it does not read, and an input that is none", async () => {
    await page.getByLabel("A call to import").fill('{"candidates":[{"content":{"parts":[{"text":"hi"}],"role":"model"},"finishReason":"STOP"}]}');
    await page.getByRole("button", { name: "Explain" }).click();
    await page.getByTestId("import-result").waitFor();
    expect(await text("import-result")).toMatch(/unsupported-format: \S+/);
    await page.getByLabel("A call to import").fill('{"model": "gpt-4o", "choices": [');
    await page.getByRole("button", { name: "Explain" }).click();
    await page.getByRole("alert").waitFor();
    expect(await page.getByRole("alert").innerText()).toContain("invalid-json");
    // The browser itself reports the answer 400; that is the only thing it may report.
    expect(trouble.splice(0).filter((line) => !line.includes("400"))).toEqual([]);
  });

  let capped: string;
  test("a pasted call opens, its cause first, its evidence lit in the tokens", async () => {
    await page
      .getByLabel("A call to import")
      .fill(chatPair("Which moon is densest?", cappedAnswer, "length", { max_tokens: cappedAnswer.length, temperature: 0.7 }));
    await page.keyboard.press("Control+Enter");
    await page.getByTestId("call").waitFor();
    capped = query("call") ?? "";
    expect(await text("findings")).toContain("cut.output-cap");
    await page.keyboard.press("f");
    expect(query("lit")).toBe("0");
    const evidence = page.getByTestId("evidence").filter({ hasText: "answers[0].text" });
    await evidence.click();
    expect(await evidence.getAttribute("aria-pressed")).toBe("true");
    expect(await page.getByTestId("call").getAttribute("data-view")).toBe("tokens");
    expect(Number(query("token"))).toBeGreaterThan(0);
    expect(await litPixels(page)).toBeGreaterThan(100);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");
    expect(query("lit")).toBeNull();
    expect(await litPixels(page)).toBe(0);
  });

  test("field evidence lights the field", async () => {
    await page.keyboard.press("e");
    await page.getByTestId("evidence").filter({ hasText: "usage.outputTokens" }).click();
    expect(await page.getByTestId("call").getAttribute("data-view")).toBe("fields");
    expect(await page.getByTestId("fields").locator("[data-lit]").allInnerTexts()).toContainEqual(expect.stringMatching(/usage\.outputTokens\s+\d+/));
  });

  test("the keyboard walks the tokens, and each is told in figures and aloud", async () => {
    await open(`?call=${capped}`);
    const strip = page.getByTestId("strip");
    await strip.waitFor();
    await page.keyboard.press("]");
    await page.keyboard.press("]");
    expect(query("token")).toBe("1");
    expect(await text("strip-live")).toContain("#1 ");
    await strip.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowLeft");
    expect(query("token")).toBe("2");
    await page.keyboard.press("End");
    expect(query("token")).toBe(String(cappedAnswer.length - 1));
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    expect(Number(query("token"))).toBeGreaterThan(5);
    await page.keyboard.press("Home");
    await page.keyboard.press("n");
    const low = cappedAnswer.findIndex(({ p }, i) => i > 0 && p < 0.4);
    expect(query("token")).toBe(String(low));
    const chosen = cappedAnswer[low] as (typeof cappedAnswer)[number];
    const told = await text("inspector");
    expect(told).toContain(`${(chosen.p * 100).toFixed(1)}%`);
    expect(await page.getByTestId("inspector").locator(".distribution-table tbody tr:not(.distribution-rest)").count()).toBe(
      chosen.others.length + 1,
    );
    expect(await strip.getAttribute("aria-activedescendant")).toBe("strip-token");
    expect(await page.locator("#strip-token").getAttribute("aria-posinset")).toBe(String(low + 1));
    await page.keyboard.press("Escape");
    expect(query("token")).toBeNull();
  });

  test("a click on a token opens it, and the table shows the same", async () => {
    const strip = page.getByTestId("strip");
    const box = await strip.boundingBox();
    if (!box) throw new Error("the strip has no box");
    await page.mouse.click(box.x + 70, box.y + 22);
    expect(query("token")).toBe("0");
    expect(await text("token-face")).toBe("Jupiter");
    await page.keyboard.press("t");
    const row = page.getByRole("table", { name: "Tokens" }).getByRole("row", { selected: true });
    await row.waitFor();
    expect(await row.innerText()).toContain("4A 75 70");
    await page.keyboard.press("t");
  });

  test("prompt, timing, raw and cost say what is known, and what is not", async () => {
    await open(`?call=${capped}&view=prompt`);
    await page.getByTestId("prompt").waitFor();
    expect(await text("prompt")).toContain("Which moon is densest?");
    expect(await text("prompt")).toContain("o200k_base");
    await page.keyboard.press("3");
    expect(await text("timing")).toContain("No clock ran");
    await page.keyboard.press("5");
    await page.getByRole("region", { name: "Body" }).waitFor();
    expect(await text("raw")).toContain('"object": "chat.completion"');
    await page.getByLabel("Find in the body").fill("FINISH_reason");
    await page.getByText("1 of 1").waitFor();
    await page.getByTestId("raw").locator("mark", { hasText: "finish_reason" }).waitFor();
    expect(await text("raw")).toContain('"finish_reason": "length"');
    expect(await text("inspector")).toMatch(/uncached input\s+21\s+× \$0\.15/);
  });

  test("model output is text: markup does nothing, hidden characters show", async () => {
    const hostile = 'ok <img src=x onerror="window.hacked=1"><script>window.hacked=1</script> \u202Egnp.exe\u202C\u0007';
    const id = await paste(chatPair(hostile, tokensOfText(hostile, 3), "stop"));
    for (const view of ["tokens", "tokens&table=1", "prompt", "fields", "raw"]) {
      await open(`?call=${id}&view=${view}`);
      await page.getByTestId("call").waitFor();
      await page.waitForTimeout(150);
      expect(await page.evaluate(() => document.querySelectorAll("main img, main script").length)).toBe(0);
      expect(await page.evaluate(() => "hacked" in window)).toBe(false);
      expect(await page.locator("body").innerText()).not.toContain("\u202E");
    }
    await open(`?call=${id}&view=prompt`);
    await page.getByTestId("prompt").waitFor();
    expect(await text("prompt")).toContain("‹RLO›gnp.exe‹PDF›‹BEL›");
  });

  test("a call without probabilities says so; one that was cut, loops or breaks its JSON says that", async () => {
    const claude = await paste(anthropicPair("Say hello.", "Hello there, how are you today?"));
    await open(`?call=${claude}`);
    await page.getByText("Probabilities unknown").waitFor();
    const cut = await paste(cutChatStream(["The ", "migration ", "must "]));
    await open(`?call=${cut}`);
    expect(await text("findings")).toContain("cut.no-terminal");
    const loop = await paste(
      chatPair("List the steps.", tokensOfText(`First, stop. ${"Run the job again now. ".repeat(30)}`, 4), "length", { max_tokens: 180 }),
    );
    await open(`?call=${loop}`);
    expect(await text("findings")).toContain("loop.repetition");
    const json = await paste(chatPair("As JSON.", tokensOfText('{"a": [1, 2,], "b": 3}', 8), "stop", { response_format: { type: "json_object" } }));
    await open(`?call=${json}`);
    expect(await text("findings")).toContain("structure.");
  });

  test("the list is live, searches, and is walked by keyboard", async () => {
    await open("");
    await page.locator("[data-call]").first().waitFor();
    const before = await page.locator("[data-call]").count();
    await fetch(`${server.url}/v1/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: "Bearer not-a-key" },
      body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: "Are you there?" }] }),
    });
    await page.locator("[data-call]").filter({ hasText: "Are you there?" }).waitFor();
    expect(await page.locator("[data-call]").count()).toBe(before + 1);
    await page.keyboard.press("/");
    await page.keyboard.type("densest");
    await expect.poll(() => page.locator("[data-call]").count()).toBe(1);
    expect(query("q")).toBe("densest");
    await page.keyboard.press("Escape");
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByTestId("call").waitFor();
    expect(query("call")).toBe(capped);
    await page.goBack();
    expect(query("call")).toBeNull();
    await page.getByLabel("Search calls").fill("nothing has these words");
    await page.getByText("No call matches.").waitFor();
    await page.getByRole("button", { name: "Show all" }).click();
    await expect.poll(() => page.locator("[data-call]").count()).toBe(before + 1);
  });

  test("a replay opens beside its parent, at the first token that differs", async () => {
    await open(`?call=${capped}`);
    await page.getByTestId("call").waitFor();
    await page.keyboard.press("r");
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel(/^temperature/).fill("0");
    expect(await dialog.getByLabel(/^max_tokens/).inputValue()).toBe(String(cappedAnswer.length));
    expect(await dialog.innerText()).toContain(`npx cutaway replay ${capped} --set temperature=0`);
    await dialog.getByRole("button", { name: "Replay", exact: true }).click();
    await page.getByTestId("diff").waitFor();
    await page.getByTestId("distributions").waitFor();
    const told = await text("diff");
    expect(told).toMatch(/parameters\.temperature\s+0\.7\s+0\s/);
    expect(told).toContain("they part at token 1");
    expect(query("call")).toBe(capped);
    await page.keyboard.press("x");
    await expect.poll(() => query("against")).toBe(capped);
  });

  test("two calls chosen in the list are compared", async () => {
    await open("");
    await page.locator("[data-call]").first().waitFor();
    await page.getByRole("checkbox").nth(0).check();
    await page.getByRole("checkbox").nth(2).click();
    await page.getByTestId("diff").waitFor();
    expect((query("call") ?? "") < (query("against") ?? "")).toBe(true);
  });

  test("help and palette open by key, do what they name, and close by Escape", async () => {
    await open(`?call=${capped}`);
    await page.getByTestId("call").waitFor();
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog").innerText()).toContain("Next low-confidence token");
    await page.keyboard.press("Escape");
    await expect.poll(() => page.getByRole("dialog").count()).toBe(0);
    await page.keyboard.press("Control+k");
    await page.keyboard.type("show timing");
    await page.keyboard.press("Enter");
    expect(await page.getByTestId("call").getAttribute("data-view")).toBe("timing");
  });

  test("the theme follows the system, is changed, and is remembered", async () => {
    const theme = () => page.evaluate(() => document.documentElement.dataset.theme);
    expect(await theme()).toBe("dark");
    await page.emulateMedia({ colorScheme: "light" });
    await expect.poll(theme).toBe("light");
    await page.getByRole("button", { name: "Theme: system" }).click();
    expect(await theme()).toBe("dark");
    await page.reload();
    expect(await theme()).toBe("dark");
  });

  test.each([1280, 1400, 1600])("at %i pixels the list has room for the texts, and no column is cut by the edge", async (width) => {
    const wide = await newPage({ width, height: 800 });
    await open("", wide);
    const line = wide.locator("[data-call]").first();
    await line.waitFor();
    const right = await line.evaluate((row) => Math.max(...[...row.children].map((cell) => cell.getBoundingClientRect().right)));
    expect(right).toBeLessThanOrEqual(width);
    expect((await line.locator(".call-preview").boundingBox())?.width).toBeGreaterThanOrEqual(250);
    await wide.context().close();
  });

  test("on a narrow screen nothing is wider than it, and a token and its strip are both in view", async () => {
    const narrow = await newPage({ width: 400, height: 800 });
    for (const where of ["", `?call=${capped}`, `?call=${capped}&view=prompt`, `?call=${capped}&view=fields`, `?call=${capped}&view=raw`]) {
      await open(where, narrow);
      await narrow.waitForTimeout(300);
      expect(await narrow.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(400);
    }
    await open(`?call=${capped}&token=3`, narrow);
    await narrow.getByTestId("token-face").waitFor();
    await expect.poll(async () => (await narrow.getByTestId("strip").boundingBox())?.y ?? 999).toBeLessThan(360);
    await narrow.context().close();
  });

  test("a call is deleted after asking", async () => {
    const id = await paste(anthropicPair("To be deleted.", "Gone soon."));
    await open(`?call=${id}`);
    await page.getByTestId("call").waitFor();
    await page.getByText("Export", { exact: true }).click();
    await page.getByRole("button", { name: "Delete" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
    await expect.poll(() => query("call")).toBeNull();
    await expect.poll(() => page.locator(`[data-call="${id}"]`).count()).toBe(0);
  });
});

const cappedAnswer = tokensOfText(
  "Jupiter has four large moons. Io is the densest of them, at about 3.53 grams per cubic centimetre.\n\nEuropa comes second, and then Ganymede and",
  11,
);

const shortAnswer = {
  id: "chatcmpl-replayed",
  object: "chat.completion",
  created: 1_790_000_200,
  model: "gpt-4o-mini-2024-07-18",
  choices: [
    {
      index: 0,
      message: { role: "assistant", content: "Jupiter's Io." },
      logprobs: {
        content: ["Jupiter", "'s", " Io", "."].map((token) => ({
          token,
          bytes: [...new TextEncoder().encode(token)],
          logprob: -0.1,
          top_logprobs: [{ token, bytes: [...new TextEncoder().encode(token)], logprob: -0.1 }],
        })),
      },
      finish_reason: "stop",
    },
  ],
  usage: { prompt_tokens: 21, completion_tokens: 4, total_tokens: 25 },
};

/** Pixels of the strip in the colour that lights evidence. */
function litPixels(page: Page): Promise<number> {
  return page.evaluate(async () => {
    await new Promise(requestAnimationFrame);
    const strip = document.querySelector<HTMLCanvasElement>(".strip-canvas");
    const canvas = document.createElement("canvas");
    const context = canvas.getContext("2d");
    if (!strip || !context) return -1;
    canvas.width = strip.width;
    canvas.height = strip.height;
    context.drawImage(strip, 0, 0);
    const probe = document.createElement("span");
    probe.style.color = "var(--lit)";
    document.body.append(probe);
    const [r, g, b] = (getComputedStyle(probe).color.match(/\d+/g) ?? []).map(Number);
    probe.remove();
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 0; i < data.length; i += 4) if (data[i] === r && data[i + 1] === g && data[i + 2] === b) count++;
    return count;
  });
}
