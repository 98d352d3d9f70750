import type { Call, CallId, TokenStep } from "@cutaway/core";
import { encodeUtf8, newCallId } from "@cutaway/core";
import { scriptedModel } from "@cutaway/runtime/testing";
import type { Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { chromiumPath } from "./browser.ts";
import { openWorkbench, type Workbench } from "./open-workbench.ts";
import { localCall, model } from "./samples/local-call.ts";
import { type LocalEntry, localSamples } from "./samples/local-samples.ts";
import { recordedCall } from "./samples/recorded-call.ts";
import { tokensOfText } from "./samples/words.ts";

const path = chromiumPath();
const loop = "The migration must run before the deploy. ";

/** A page may wait for the server, which may wait for the machine. */
const soon = { timeout: 20_000 };

/** Loops unless a repetition penalty is set. */
const looping = scriptedModel(
  ({ parameters }) =>
    parameters.repetitionPenalty === undefined
      ? { text: loop.repeat(30), finish: { reason: "output-cap", raw: "max_tokens" } }
      : { text: "Back up first, then migrate." },
  { name: model, access: { text: true, seed: true, deterministic: true, internals: true } },
);

/** Local calls in the workbench: their distributions, their prompts, and findings put to the test. */
describe.skipIf(path === undefined)("local calls", () => {
  let workbench: Workbench;
  let page: Page;
  let samples: LocalEntry[];
  let verified: Call;

  beforeAll(async () => {
    workbench = await openWorkbench(path ?? "", { localModels: { open: async () => ({ ...looping, close: async () => {} }) } });
    const { store } = workbench;
    samples = localSamples(Date.now());
    verified = samples.find(({ findings }) => findings)?.call as Call;
    store.openExperiment({ id: "verify-loop", name: "verify loop.repetition", spec: {}, about: verified.id });
    samples.forEach(({ call, findings, isArm }, position) => {
      const row = { experiment: "verify-loop", key: call.id, position, case: "a", repeat: 0, factors: {}, role: "arm", outcome: "unscored" } as const;
      store.put({ call, ...(findings && { findings }), ...(isArm && { row }) });
    });
    page = await workbench.newPage({ width: 1600, height: 1000 });
  }, 120_000);

  afterAll(() => workbench?.close());
  afterEach(() => expect(workbench.trouble.splice(0)).toEqual([]));

  const open = (query: string, on = page) => on.goto(`${workbench.server.url}/${query}`);
  const text = (testId: string, on = page) => on.getByTestId(testId).innerText();
  const query = (name: string) => new URL(page.url()).searchParams.get(name);
  const sample = (words: string): Call => samples.find(({ call }) => JSON.stringify(call.request?.messages).includes(words))?.call as Call;
  const percent = (p: number) => `${(p * 100).toFixed(p < 0.01 || p > 0.99 ? 2 : 1)}%`;

  test("the list marks local calls and findings put to the test, and leaves out the runs that tested them", async () => {
    await open("");
    await page.locator("[data-call]").first().waitFor();
    expect(await page.locator("[data-call]").count()).toBe(samples.filter(({ isArm }) => !isArm).length);
    const row = page.locator(`[data-call="${verified.id}"]`);
    expect(await row.locator(".local-tag").count()).toBe(1);
    expect(await row.locator(".verdict-mark.confirmed").getAttribute("title")).toBe("loop.repetition: confirmed");
  });

  test("the header names the weights and tells both speeds", async () => {
    const call = sample("densest");
    await open(`?call=${call.id}`);
    await page.getByTestId("strip").waitFor();
    const head = await page.locator(".call-top").innerText();
    expect(head).toContain("SmolLM2-135M-Instruct.Q4_1.gguf");
    const prompt = ((call.prompt?.length ?? 0) / (call.instants.firstToken ?? 0)) * 1000;
    expect(head).toContain(`${prompt.toFixed(0)} tokens/s`);
    expect(head).toContain(`${(1000 / 14).toFixed(0)} tokens/s`);
    const facts = await text("inspector");
    expect(facts).toContain("repetition_penalty → top_k → top_p");
    expect(facts).toMatch(/seed\s+7/);
    expect(facts).toContain("Q4_1");
  });

  test("a step shows what the model wanted and what the sampler did: both distributions, removed tokens by stage, the rest", async () => {
    const call = sample("densest");
    const steps = call.answers[0]?.steps ?? [];
    const at = steps.findIndex(({ top }) => top?.some(({ removedBy }) => removedBy === "top_p"));
    const step = steps[at] as TokenStep;
    await open(`?call=${call.id}&token=${at}`);
    const table = page.getByTestId("alternatives");
    await table.waitFor();
    const told = await table.innerText();
    for (const { logprob, sampledLogprob } of step.top ?? []) {
      if (Math.exp(logprob) > 0.001) expect(told).toContain(percent(Math.exp(logprob)));
      if (sampledLogprob !== undefined && Math.exp(sampledLogprob) > 0.001) expect(told).toContain(percent(Math.exp(sampledLogprob)));
    }
    expect(await table.locator("tr[data-removed]").count()).toBe(step.top?.filter(({ removedBy }) => removedBy).length);
    expect(await table.locator("tr[data-removed]").first().innerText()).toContain("top_p");
    expect(await table.locator("tr[data-chosen]").count()).toBe(1);
    expect(await table.locator(".distribution-rest").innerText()).toContain(percent(step.tailMass ?? 0));
    const stages = page.getByTestId("stages");
    expect(await stages.locator("tbody").count()).toBe(step.stages?.length);
    for (const { stage, kept, entropyBefore, entropyAfter } of step.stages ?? []) {
      const row = await stages.locator("tbody").filter({ hasText: stage }).innerText();
      expect(row).toContain(String(kept));
      expect(row).toContain(`${entropyBefore.toFixed(3)} → ${entropyAfter.toFixed(3)}`);
    }
    await page.getByText("data and command").click();
    expect(await page.getByTestId("inspector").innerText()).toContain(`npx cutaway show ${call.id} --json | jq '.call.answers[0].steps[${at}]'`);
    await page.getByTestId("strip").focus();
    await page.keyboard.press("ArrowRight");
    await expect.poll(() => query("token")).toBe(String(at + 1));
    expect(await text("inspector")).toContain(`token ${at + 1}`);
  });

  test("greedy says that no stage ran; a remote model's sampler is unknown, and its alternatives are what it sent", async () => {
    await open(`?call=${verified.id}&token=3`);
    await page.getByTestId("alternatives").waitFor();
    expect(await text("inspector")).toContain("No stage ran");
    const remote = recordedCall({
      id: newCallId(),
      issued: Date.now(),
      provider: "openai",
      model: "gpt-4o-mini",
      messages: [{ role: "user", text: "Hello" }],
      tokens: [{ text: "Hi", p: 0.7, others: [["Yo", 0.2]] }],
    });
    workbench.store.put(remote);
    await open(`?call=${remote.call.id}&token=0`);
    await page.getByTestId("alternatives").waitFor();
    expect(await page.getByTestId("stages").count()).toBe(0);
    const told = await text("inspector");
    expect(told).toContain("A remote API does not tell");
    expect(await page.getByTestId("alternatives").locator("thead th").allInnerTexts()).toEqual(["token", "model"]);
    expect(told).toContain("10.0%");
    expect(await page.getByRole("group", { name: "Shade the tokens by" }).getByRole("button").allInnerTexts()).toEqual(["probability", "rank"]);
  });

  test("the strip is shaded by entropy and rank too, by key, and the link keeps it", async () => {
    await open(`?call=${sample("densest").id}`);
    await page.getByTestId("strip").waitFor();
    const pixels = () => page.evaluate(() => document.querySelector<HTMLCanvasElement>(".strip-canvas")?.toDataURL());
    const byProbability = await pixels();
    await page.keyboard.press("c");
    expect(query("colour")).toBe("entropy");
    await expect.poll(pixels).not.toBe(byProbability);
    expect(await page.locator(".legend").getAttribute("aria-label")).toContain("entropy");
    await page.keyboard.press("c");
    expect(query("colour")).toBe("rank");
    await page.keyboard.press("c");
    expect(query("colour")).toBeNull();
  });

  test("the prompt shows as the model read it: parts, special tokens, and where tokens were left out", async () => {
    const call = sample("Summarise this log");
    await open(`?call=${call.id}&view=prompt`);
    const strip = page.getByTestId("prompt-strip");
    await strip.waitFor();
    const told = await text("prompt");
    expect(told).toContain("template: the model's own");
    expect(told).toContain("of 512 context");
    expect(told).toContain("trained for 8,192");
    expect(told).toMatch(/special\s+5/);
    await strip.focus();
    await page.keyboard.press("Home");
    expect(await text("prompt-strip-status")).toContain("214 of 726 tokens left out");
    await page.keyboard.press("ArrowRight");
    expect(await text("prompt-strip-status")).toBe("#0 · “<|im_start|>” · id 1 · template · special token · 12 bytes");
    await page.getByRole("button", { name: "messages" }).click();
    expect(query("prompt")).toBe("messages");
    await page.locator(".segments").waitFor();
  });

  test("a verified finding draws both arms, and puts any run beside any other with the difference marked", async () => {
    await open(`?call=${verified.id}&lit=0`);
    await page.getByTestId("findings").locator(".verdict.confirmed").first().waitFor();
    await page.getByRole("button", { name: "See the runs" }).click();
    expect(query("view")).toBe("proof");
    const arms = page.getByTestId("arms");
    await arms.locator(".dot-button").first().waitFor();
    expect(await arms.innerText()).toContain("3 of 3");
    expect(await arms.innerText()).toContain("0 of 3");
    expect(await arms.locator(".dot.hit").count()).toBe(3);
    expect(await arms.locator(".dot.miss").count()).toBe(3);
    const told = await text("proof");
    expect(told).toContain("95% interval 34 to 100");
    expect(told).toContain("in at most 5% of cases");
    expect(told).toContain("run twice, same tokens");
    expect(told).toContain("repetitionPenalty");
    const pair = page.getByTestId("run-pair");
    await pair.locator("mark").first().waitFor();
    expect(await pair.innerText()).toContain("Check the backup first, then tell the on-call engineer.");
    await page.getByRole("button", { name: "Run 2 of 3 changed: no symptom" }).click();
    expect(query("runs")).toBe("0.1");
    await expect.poll(() => pair.innerText(), soon).toContain("and keep the old binary for a day.");
    await pair.getByRole("button", { name: "open" }).last().click();
    await expect.poll(() => query("call")).toBe(samples.at(-2)?.call.id);
  });

  test("a finding is verified at the press of a button, and the verdict comes by itself", async () => {
    const call = localCall({
      id: newCallId(),
      issued: Date.now(),
      messages: [{ role: "user", text: "Loop once more." }],
      parameters: { temperature: 0, maxOutputTokens: 200 },
      tokens: tokensOfText(loop.repeat(30), 3),
      finish: { reason: "output-cap", raw: "max_tokens" },
    });
    workbench.store.put({ call });
    await open(`?call=${call.id}`);
    await page
      .locator(".finding")
      .filter({ has: page.locator(".finding-rule", { hasText: "loop.repetition" }) })
      .locator(".finding-line")
      .click();
    await page.getByRole("button", { name: "Verify", exact: true }).click();
    await page.locator(".outcome .verdict.confirmed").waitFor({ timeout: 30_000 });
    expect(await page.locator(".outcome").innerText()).toMatch(/unchanged\s+2 of 2[\s\S]+changed\s+0 of 2/);
    await page.getByRole("button", { name: "Verify again" }).waitFor();
  });

  test("a remote call is verified only with a cap on cost", async () => {
    const remote = recordedCall({
      id: newCallId(),
      issued: Date.now(),
      provider: "openai",
      model: "gpt-4o-mini",
      messages: [{ role: "user", text: "List the steps." }],
      parameters: { maxOutputTokens: 200 },
      tokens: tokensOfText(loop.repeat(30), 3),
      finish: { reason: "output-cap", raw: "length" },
    });
    workbench.store.put(remote);
    await open(`?call=${remote.call.id}`);
    await page
      .locator(".finding")
      .filter({ has: page.locator(".finding-rule", { hasText: "loop.repetition" }) })
      .locator(".finding-line")
      .click();
    await page.getByRole("button", { name: "Verify", exact: true }).click();
    const dialog = page.getByRole("dialog");
    expect(await dialog.getByRole("button", { name: "Verify" }).isDisabled()).toBe(true);
    await dialog.getByLabel(/US dollars/).fill("0.01");
    expect(await dialog.getByRole("button", { name: "Verify" }).isEnabled()).toBe(true);
    await page.keyboard.press("Escape");
  });

  test("a local call is replayed with other settings, local ones too", async () => {
    await open(`?call=${sample("densest").id}`);
    await page.getByTestId("call").waitFor();
    await page.keyboard.press("r");
    const dialog = page.getByRole("dialog");
    for (const name of ["top_k", "top_p", "repetition_penalty", "seed"]) await dialog.getByLabel(new RegExp(`^${name}`)).fill("");
    await dialog.getByLabel(/^temperature/).fill("0");
    await dialog.getByLabel(/^context_size/).fill("1024");
    expect(await dialog.innerText()).toContain("--set context_size=1024");
    await dialog.getByRole("button", { name: "Replay", exact: true }).click();
    await page.getByTestId("diff").waitFor();
    await expect.poll(() => text("diff"), soon).toMatch(/parameters\.temperature\s+0\.8\s+0\s/);
    expect(await text("diff")).toContain("local.contextSize");
  });

  test("hostile text in prompt, alternatives and stages is text", async () => {
    const evil = '<img src=x onerror="window.hacked=1">\u202Eevil\u0007';
    const call = localCall({
      id: newCallId(),
      issued: Date.now(),
      messages: [{ role: "user", text: evil }],
      parameters: { temperature: 0.9, topK: 3 },
      tokens: [{ text: evil, p: 0.5, others: [[`${evil}!`, 0.2]] }],
      run: { weights: { file: evil, architecture: evil } },
    });
    const step = call.answers[0]?.steps?.[0] as TokenStep;
    const stages = step.stages?.map((stage) => ({ ...stage, stage: evil }));
    workbench.store.put({
      call: { ...call, answers: call.answers.map((answer) => ({ ...answer, steps: [{ ...step, ...(stages && { stages }) }] })) },
    });
    for (const view of ["tokens&token=0", "tokens&token=0&table=1", "prompt", "prompt&prompt=messages", "fields", "proof"]) {
      await open(`?call=${call.id}&view=${view}`);
      await page.getByTestId("call").waitFor();
      await page.waitForTimeout(150);
      expect(await page.evaluate(() => document.querySelectorAll("#root img, #root script").length)).toBe(0);
      expect(await page.evaluate(() => "hacked" in window)).toBe(false);
      expect(await page.locator("body").innerText()).not.toContain("\u202E");
    }
  });

  test("of a long answer the alternatives are fetched where they are looked at", async () => {
    const word = (i: number): TokenStep => ({
      bytes: encodeUtf8(` w${i}`),
      logprob: -0.5,
      entropy: 1,
      top: [
        { bytes: encodeUtf8(` w${i}`), logprob: -0.5 },
        { bytes: encodeUtf8(` other${i}`), logprob: -1.5 },
      ],
    });
    const count = 5000;
    const call = localCall({
      id: newCallId(),
      issued: Date.now(),
      messages: [{ role: "user", text: "Count." }],
      tokens: Array.from({ length: count }, (_, i) => ({ text: ` w${i}`, p: 0.6 })),
      steps: Array.from({ length: count }, (_, i) => word(i)),
    });
    workbench.store.put({ call });
    await open(`?call=${call.id}&token=4321`);
    await expect.poll(() => text("inspector"), soon).toContain("other4321");
    await open(`?call=${call.id}&token=4321&table=1`);
    const row = page.getByRole("row", { selected: true }).and(page.locator(".token-row"));
    await expect.poll(() => row.innerText(), soon).toContain("other4321");
  });

  test.each([420, 1280, 1600])("at %i pixels nothing is wider than the screen, by day and by night", async (width) => {
    for (const scheme of ["dark", "light"] as const) {
      const sized = await workbench.newPage({ width, height: 900 }, scheme);
      const id: CallId = verified.id;
      for (const where of ["", `?call=${sample("densest").id}&token=13`, `?call=${id}&view=prompt`, `?call=${id}&view=proof`, `?call=${id}&lit=0`]) {
        await open(where, sized);
        await sized.waitForTimeout(300);
        expect(await sized.evaluate(() => document.documentElement.scrollWidth), where).toBeLessThanOrEqual(width);
        const cut = await sized.evaluate(() =>
          [...document.querySelectorAll(".inspector, .proof-view, .remedy")]
            .filter((part) => part.scrollWidth > part.clientWidth + 1)
            .map((part) => part.className),
        );
        expect(cut, where).toEqual([]);
      }
      await sized.context().close();
    }
  });
});
