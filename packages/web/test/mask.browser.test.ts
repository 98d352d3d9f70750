import { type Call, foldCall, newCallId } from "@cutaway/core";
import { distortionOf } from "@cutaway/metrics";
import { localRequest, openLocalModel } from "@cutaway/runtime";
import { tinyLlamaFile } from "@cutaway/runtime/testing";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "./browser.ts";
import { openWorkbench, type Workbench } from "./open-workbench.ts";

const path = chromiumPath();
const schema = {
  type: "object",
  properties: { city: { enum: ["Oslo", "Rome"] }, age: { type: "integer", minimum: 0, maximum: 99 } },
  required: ["city", "age"],
  additionalProperties: false,
};

/** An answer of a real network with random weights, which wants anything but JSON. */
async function heldCall(): Promise<Call> {
  const file = tinyLlamaFile({ seed: 3, endless: true });
  const model = await openLocalModel({ path: file.path, name: "tiny" }, { threads: 1 });
  const request = localRequest({
    model: "tiny",
    messages: [{ role: "user", text: "hello" }],
    parameters: { temperature: 0.9, seed: 4, maxOutputTokens: 120, responseFormat: { type: "json-schema", schema } },
    local: { constraint: { whitespace: "none" } },
  });
  const events = [];
  for await (const event of model.call(request)) events.push(event);
  await model.close();
  file.remove();
  return foldCall(events, { id: newCallId(), origin: { kind: "local" } });
}

describe.skipIf(path === undefined)("the mask of a held answer", () => {
  let workbench: Workbench;
  let page: Page;
  let call: Call;

  beforeAll(async () => {
    workbench = await openWorkbench(path ?? "");
    call = await heldCall();
    workbench.store.put({ call });
    page = await workbench.newPage({ width: 1400, height: 1000 });
  }, 120_000);

  afterAll(() => workbench?.close());
  afterEach(() => expect(workbench.trouble.splice(0)).toEqual([]));

  const open = (query: string) => page.goto(`${workbench.server.url}/${query}`);
  const steps = () => call.answers[0]?.steps ?? [];

  test("each token has a bar as tall as the probability that was kept, and the totals stand beside it", async () => {
    await open(`?call=${call.id}&view=mask`);
    await page.getByTestId("mass-timeline").waitFor();
    const distortion = distortionOf(steps());
    const bars = page.getByTestId("mass-timeline").getByRole("button");
    expect(await bars.count()).toBe(distortion?.steps.length);
    const [first] = distortion?.steps ?? [];
    const height = await bars
      .first()
      .locator("i")
      .evaluate((bar) => Number.parseFloat((bar as HTMLElement).style.height));
    expect(height).toBeCloseTo(Math.max(2, (first?.kept ?? 0) * 100), 1);
    const told = await page.getByTestId("mask").innerText();
    expect(told).toContain("Held to a JSON schema");
    expect(told).toContain("exact");
    expect(told).toContain("whole");
    expect(told).toContain(`${distortion?.forced} with one token allowed, ${distortion?.chosen} with a choice`);
  });

  test("a token of the timeline shows what was masked, why, and where the schema says so", async () => {
    const at = steps().findIndex(({ top }) => top?.some(({ because }) => because?.places?.some(({ pointer }) => pointer === "/properties/city")));
    await open(`?call=${call.id}&view=mask`);
    await page.getByTestId("mass-timeline").getByRole("button").nth(at).click();
    expect(new URL(page.url()).searchParams.get("token")).toBe(String(at));
    const masked = page.getByTestId("mask").getByTestId("masked-tokens");
    await masked.waitFor();
    expect(await masked.locator("tbody tr").count()).toBe(steps()[at]?.top?.filter(({ removedBy }) => removedBy === "grammar").length);
    expect(await masked.innerText()).toContain("/properties/city");
    expect(await page.locator(".language-text mark").first().innerText()).toContain('"city"');
  });

  test("the knobs of a stored step are turned without asking anybody", async () => {
    const at = steps().findIndex(({ forced }) => forced === undefined);
    await open(`?call=${call.id}&token=${at}`);
    const panel = page.getByTestId("knobs");
    await panel.waitFor();
    const before = await panel.innerText();
    await panel.getByLabel("temperature").fill("0");
    await expect.poll(() => panel.innerText()).not.toBe(before);
    expect(await panel.locator("tbody tr").count()).toBe(1);
    expect(await panel.innerText()).toContain("100.00%");
    await panel.getByText("as recorded").click();
    expect(await panel.innerText()).toBe(before);
  });

  test("an answer that was free has no such view", async () => {
    const { constraint: _, ...local } = call.local as NonNullable<Call["local"]>;
    const free = { ...call, id: newCallId(), local };
    workbench.store.put({ call: free });
    await open(`?call=${free.id}`);
    await page.getByTestId("call").waitFor();
    expect(await page.getByRole("tab", { name: "mask" }).count()).toBe(0);
  });
});
