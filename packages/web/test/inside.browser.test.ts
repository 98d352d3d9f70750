import { readFileSync } from "node:fs";
import { type Call, foldCall, type LocalOptions, newCallId } from "@cutaway/core";
import { bytesSource, openGguf } from "@cutaway/formats";
import { localRequest, openLocalModel } from "@cutaway/runtime";
import { attributeInput, attributeLogit, describePositions, logitLens, openModelInside } from "@cutaway/runtime/inspect";
import { tinyLlamaFile } from "@cutaway/runtime/testing";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { modelFolder } from "../../runtime/test/model-folder.ts";
import { formatProbability } from "../src/format/numbers.ts";
import { formatScore } from "../src/inside/format-score.ts";
import { scaleColour } from "../src/inside/share-colours.ts";
import { chromiumPath } from "./browser.ts";
import { openWorkbench, type Workbench } from "./open-workbench.ts";
import { recordedCall } from "./samples/recorded-call.ts";

const path = chromiumPath();
const hostile = `<img src=x onerror="window.hacked=1">`;

/** A page may wait for the server, which may wait for the machine. */
const soon = { timeout: 30_000 };

/** The inside of a local call that was made for real, by a tiny network. */
describe.skipIf(path === undefined)("inside", () => {
  let workbench: Workbench;
  let page: Page;
  let file: ReturnType<typeof tinyLlamaFile>;
  let call: Call;
  let ids: number[];
  let prompt: number;

  beforeAll(async () => {
    file = tinyLlamaFile({ layers: 3, endless: true });
    call = await tinyCall(file.path, `What is in ${hostile}, and who put it there?`);
    prompt = call.prompt?.length ?? 0;
    ids = [...(call.prompt ?? []), ...(call.answers[0]?.steps ?? [])].map(({ id }) => id as number);
    workbench = await openWorkbench(path ?? "");
    workbench.store.put({ call });
    page = await workbench.newPage({ width: 1500, height: 1000 });
  }, 120_000);

  afterAll(async () => {
    await workbench?.close();
    file?.remove();
  });
  afterEach(() => expect(workbench.trouble.splice(0)).toEqual([]));

  const open = (query: string, on = page) => on.goto(`${workbench.server.url}/?${query}`);
  const inside = (show: string, more = "") => open(`call=${call.id}&view=inside&inside=${show}${more}`);
  const text = (testId: string, on = page) => on.getByTestId(testId).innerText();
  const query = (name: string) => new URL(page.url()).searchParams.get(name);

  test("is reached by its tab and by key, and attention is drawn with the network's numbers", async () => {
    await open(`call=${call.id}`);
    await page.getByTestId("strip").waitFor();
    await page.keyboard.press("7");
    await page.getByTestId("pattern").waitFor(soon);
    const model = openModelInside(file.path);
    const { hooks } = model.run({ key: "all", plan: { isProbed: (hook) => hook.endsWith("hook_pattern") }, outputs: () => ({}) }, { ids });
    model.close();
    const share = (layer: number, head: number, row: number, column: number) =>
      formatProbability([...hooks.values()][layer]?.data[(head * ids.length + row) * ids.length + column]);
    const last = ids.length - 1;
    const pattern = page.getByTestId("pattern");
    await pattern.focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => text("pattern-status")).toContain(share(0, 0, last, 0));
    for (let i = 0; i < 5; i++) await page.keyboard.press("ArrowRight");
    await expect.poll(() => text("pattern-status")).toMatch(/→ #5 /);
    expect(await text("pattern-status")).toContain(share(0, 0, last, 5));
    // The first token sees itself alone: of all cells the brightest; what comes later is not seen, and is paper.
    const [whole, none] = await pattern.locator("canvas").evaluate((canvas: HTMLCanvasElement, count) => {
      const scale = Math.min((canvas.width - 93) / count, (canvas.height - 73) / count);
      const data = canvas.getContext("2d")?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
      const at = (row: number, column: number) => {
        const pixel = 4 * (Math.floor(72 + (row + 0.5) * scale) * canvas.width + Math.floor(92 + (column + 0.5) * scale));
        return [...data.slice(pixel, pixel + 3)];
      };
      return [at(0, 0), at(3, 30)];
    }, ids.length);
    expect(whole).toEqual([...scaleColour(1, true)]);
    expect(none).toEqual([...scaleColour(0, true)]);
    const heads = page.getByTestId("heads");
    await heads.focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowRight");
    expect(query("head")).toBe("self.1.2");
    await expect.poll(() => text("pattern-status"), soon).toContain(share(1, 2, last, 5));
    expect(await text("token-lines")).toContain(`#${last}`);
    expect(await text("attention")).toContain(`npx cutaway inspect attention ${call.id}`);
  });

  test("the cell under the pointer is told, zoomed or not, and the strongest keys have lines", async () => {
    await inside("attention", "&head=self.2.1&query=20");
    const pattern = page.getByTestId("pattern");
    await pattern.waitFor(soon);
    const box = (await pattern.boundingBox()) as { x: number; y: number; width: number; height: number };
    const scale = Math.min((box.width - 93) / ids.length, (box.height - 73) / ids.length);
    await page.mouse.move(box.x + 92 + 7.5 * scale, box.y + 72 + 30.5 * scale);
    await expect.poll(() => text("pattern-status")).toMatch(/^#30 .* → #7 /);
    await page.mouse.wheel(0, -400);
    await expect.poll(() => text("pattern-status")).toMatch(/^#30 .* → #7 /);
    await page.mouse.click(box.x + 92 + 7.5 * scale, box.y + 72 + 30.5 * scale);
    await expect.poll(() => query("query")).toBe("30");
    expect(query("key")).toBe("7");
    const shares = await page.getByTestId("token-lines").locator(".number").allInnerTexts();
    const sum = shares.reduce((sum, share) => sum + Number(share.replace("%", "")), 0);
    expect(sum).toBeGreaterThan(98);
    expect(sum).toBeLessThan(102);
  });

  test("the lens ends with what the model said, and a cell opens its list", async () => {
    await inside("lens", `&at=${prompt + 2}`);
    const table = page.getByTestId("lens-table");
    await table.waitFor(soon);
    const model = openModelInside(file.path);
    const rows = logitLens(model, { ids }, { positions: [prompt + 1], top: 5, follow: [ids[prompt + 2]] });
    model.close();
    expect(await table.getByRole("row").count()).toBe(rows.length + 2);
    const top = (await page.getByTestId("lens-top").getByRole("listitem").allInnerTexts()).map((line) => /[\d.]+%/.exec(line)?.[0]);
    expect(top).toEqual(rows.at(-1)?.cells[0]?.top.map(({ logprob }) => formatProbability(Math.exp(logprob))));
    expect(await page.getByTestId("lens-top").locator("[data-chosen]").count()).toBe(1);
    expect(await page.locator(".lens-table td[aria-current]").getAttribute("data-said")).toBe("true");
    await table.focus();
    await page.keyboard.press("ArrowDown");
    await expect.poll(() => query("layer")).toBe("1");
    const below = (await page.getByTestId("lens-top").getByRole("listitem").allInnerTexts()).map((line) => /[\d.]+%/.exec(line)?.[0]);
    expect(below).toEqual(rows[2]?.cells[0]?.top.map(({ logprob }) => formatProbability(Math.exp(logprob))));
    const ranks = await page
      .getByTestId("rank-path")
      .getByRole("button")
      .evaluateAll((all) => all.map((one) => Number(/rank (\d+)/.exec(one.getAttribute("aria-label") ?? "")?.[1])));
    expect(ranks).toEqual(rows.map(({ cells }) => (cells[0]?.followed?.rank ?? -1) + 1));
    await page.keyboard.press("]");
    expect(query("at")).toBe(String(prompt + 3));
  });

  test("a token's attribution has the network's scores, and its parts add up to its logit", async () => {
    const token = prompt + 4;
    await inside("attribution", `&at=${token}`);
    await page.getByTestId("scores-input").waitFor(soon);
    const model = openModelInside(file.path);
    const target = { position: token - 1, token: ids[token] as number };
    const reading = { ids: ids.slice(0, token) };
    const { scores } = attributeInput(model, reading, target);
    const { parts, target: logit } = attributeLogit(model, reading, target);
    model.close();
    const strip = page.getByTestId("attribution-input");
    await strip.focus();
    await page.keyboard.press("Home");
    for (const i of [0, 1, 2]) {
      await expect.poll(() => text("attribution-input-live")).toContain(`#${i} `);
      expect(await text("attribution-input-live")).toContain(formatScore(scores[i]));
      await page.keyboard.press("ArrowRight");
    }
    const rows = await page.getByTestId("logit-parts").locator("tbody tr").allInnerTexts();
    expect(rows).toHaveLength(parts.length);
    for (const [i, { score }] of parts.entries()) expect(rows[i]).toContain(formatScore(score));
    expect(await text("logit-parts")).toContain(formatScore(logit));
    const rival = call.answers[0]?.steps?.[4]?.top?.find(({ id }) => id !== target.token)?.id as number;
    await page.getByTestId("against").selectOption(String(rival));
    const apart = openModelInside(file.path);
    const difference = attributeLogit(apart, reading, { ...target, against: rival });
    apart.close();
    await expect.poll(() => text("logit-parts"), soon).toContain(formatScore(difference.target));
    expect(await text("attribution")).toMatch(/inspect attribution \S+ --token 4 --against /);
    await page.getByTestId("explained").selectOption(String(token + 1));
    await expect.poll(() => query("at")).toBe(String(token + 1));
  });

  test("the architecture's parameters and bytes are the file's", async () => {
    await inside("model");
    await page.getByTestId("network").waitFor(soon);
    const gguf = openGguf(bytesSource(readFileSync(file.path)));
    const parameters = [...gguf.tensors.values()].reduce((sum, { shape }) => sum + shape.reduce((product, size) => product * size, 1), 0);
    const bytes = [...gguf.tensors.values()].reduce((sum, { byteLength }) => sum + byteLength, 0);
    expect(await text("network")).toContain(parameters.toLocaleString("en-US"));
    expect(await text("network")).toContain(`${(bytes / 1000).toFixed(1)}\u00a0kB`);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "Save network.json" }).click()]);
    const saved = JSON.parse(readFileSync(await download.path(), "utf8")) as { parts: { times: number; parameters: number }[] };
    expect(saved.parts.reduce((sum, part) => sum + part.parameters * part.times, 0)).toBe(parameters);
    await page.keyboard.press("v");
    expect(query("inside")).toBe("attention");
  });

  test("how a model tells positions apart is drawn by its scheme: turns, learned rows, buckets, windows", async () => {
    const drawn = async (one: Call) => {
      workbench.store.put({ call: one });
      await open(`call=${one.id}&view=inside&inside=model`);
      const positions = page.getByTestId("positions");
      await positions.waitFor(soon);
      return { positions, text: await positions.innerText() };
    };
    const own = describePositions(file.path);
    const pairs = own.scheme.kind === "rotary" ? (own.scheme.turns[0]?.pairs ?? []) : [];
    const { positions, text: rotary } = await drawn(call);
    expect(await positions.locator(".turn-bars i").count()).toBe(pairs.length);
    expect(await positions.locator(".turn-bars i[data-slow]").count()).toBe(pairs.filter(({ period }) => period > 512).length);
    expect(rotary).toContain("All tokens before are seen.");
    expect(rotary).toContain("npx cutaway inspect positions");

    const families = ["gpt2", "gemma3", "t5"].map((name) => ({ name, folder: modelFolder(name) }));
    try {
      const [gpt2, gemma3, t5] = await Promise.all(families.map(({ folder }) => tinyCall(folder.path, "a b c", { raw: true })));
      const learned = await drawn(gpt2 as Call);
      expect(learned.text).toContain("Each of 64 positions has a row of its own");
      expect(await learned.positions.locator("tbody tr").count()).toBe(6);
      const { text: windows, positions: turns } = await drawn(gemma3 as Call);
      expect(await turns.locator(".turn-bars").count()).toBe(2);
      expect(windows).toContain("The last 5 tokens are seen, its own included in layers 0, 2.");
      expect(windows).toContain("All tokens before are seen in layer 1.");
      const buckets = await drawn(t5 as Call);
      const report = describePositions((families[2] as (typeof families)[number]).folder.path);
      const biases =
        report.scheme.kind === "buckets"
          ? report.scheme.encoder.buckets.map(({ bias }) => bias.map((value) => value.toFixed(1).replace("-0.0", "0.0").replace("-", "−")))
          : [];
      const cells = await buckets.positions.locator(".biases").first().locator("td").allInnerTexts();
      expect(cells).toEqual(biases.flat());
      expect(buckets.text).toContain("up to −5");
      expect(buckets.text).toContain("from 5");
    } finally {
      for (const { folder } of families) folder.remove();
    }
  }, 60_000);

  test("text that wants to be markup stays text in every look", async () => {
    for (const show of ["attention", "lens", "attribution", "model"]) {
      await inside(show, "&at=12");
      await page.getByTestId("inside").waitFor();
      await expect.poll(() => page.locator(".inside .waiting").count(), soon).toBe(0);
      expect(await page.evaluate(() => document.querySelectorAll("main img, main script").length)).toBe(0);
      expect(await page.evaluate(() => "hacked" in window)).toBe(false);
    }
  });

  test("of a remote call it says what is missing, and a local model that reads its text is called a proxy", async () => {
    const messages = [{ role: "user", text: "Which moon is densest?" }] as const;
    const { call: remote } = recordedCall({
      id: newCallId(),
      issued: Date.now(),
      provider: "openai",
      model: "gpt-4o",
      messages: [...messages],
      tokens: [{ text: "Io." }],
    });
    workbench.store.put({ call: remote });
    await open(`call=${remote.id}&view=inside`);
    await page.getByTestId("out-of-reach").waitFor();
    expect(await text("out-of-reach")).toMatch(/no weights, no attention/);
    await page.getByRole("button", { name: "Read it with a local model" }).click();
    await page.getByTestId("model-page").waitFor();
    expect(await page.getByRole("note").innerText()).toContain("Proxy model");
    expect(query("instead")).toBe(remote.id);
    const failed = { ...call, id: newCallId() };
    delete failed.prompt;
    workbench.store.put({ call: failed });
    await open(`call=${failed.id}&view=inside`);
    expect(await text("nothing-read")).toContain("ended before its prompt reached the model");
  });

  test.each([420, 1280])("at %i pixels nothing is wider than the screen or longer than the page, by day and by night", async (width) => {
    for (const scheme of ["dark", "light"] as const) {
      const sized = await workbench.newPage({ width, height: 900 }, scheme);
      for (const show of ["attention", "lens", "attribution", "model"]) {
        await open(`call=${call.id}&view=inside&inside=${show}`, sized);
        await sized.getByTestId("inside").waitFor();
        await expect.poll(() => sized.locator(".inside .waiting").count(), soon).toBe(0);
        await sized.waitForTimeout(150);
        expect(await sized.evaluate(() => document.documentElement.scrollWidth), show).toBeLessThanOrEqual(width);
        expect(await sized.evaluate(() => document.documentElement.scrollHeight), show).toBeLessThanOrEqual(900);
        expect(
          await sized.evaluate(() => [...document.querySelectorAll(".inside")].filter((part) => part.scrollWidth > part.clientWidth + 1).length),
          show,
        ).toBe(0);
      }
      await sized.context().close();
    }
  });
});

async function tinyCall(path: string, text: string, local: LocalOptions = {}): Promise<Call> {
  const model = await openLocalModel({ path, name: path });
  const events = [];
  for await (const event of model.call(
    localRequest({ model: path, messages: [{ role: "user", text }], parameters: { temperature: 0, maxOutputTokens: 8 }, local }),
  )) {
    events.push(event);
  }
  await model.close();
  return foldCall(events, { id: newCallId(), origin: { kind: "local" } });
}
