import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { chatAnswer, chatRequest, cutPair, pair } from "./bodies.ts";
import { emptyPlace, until } from "./run-cutaway.ts";
import { type ServedModel, serveModel } from "./served-model.ts";

const place = emptyPlace();
const { cutaway } = place;
let served: ServedModel | undefined;

beforeAll(async () => {
  writeFileSync(join(place.folder, "cut.json"), cutPair());
  await cutaway(["import", "cut.json"]);
});
afterEach(() => served?.close());
afterAll(place.remove);

const latest = async () => JSON.parse((await cutaway(["show", "latest", "--json"])).stdout).call;

describe("replay", () => {
  it("sends the call again with the change, keeps it, and shows the difference", async () => {
    served = await serveModel(() => "Three things failed at once: a stale cache, a retry flood, and a full disk.");
    const { code, stdout, stderr } = await cutaway(["replay", "cut.json", "--set", "max_tokens=800", "--base-url", served.url], {
      env: { OPENAI_API_KEY: "sk-secret" },
    });
    expect([code, stderr]).toEqual([0, ""]);
    expect(served.asked).toEqual([expect.objectContaining({ model: "gpt-4o-mini", max_tokens: 800, temperature: 0.7 })]);
    expect(served.headers().authorization).toBe("Bearer sk-secret");
    expect(stdout).toContain("answer parts at character 52");
    expect(stdout).toContain("parameters.maxOutputTokens  16 → 800");
    const call = await latest();
    expect(call).toMatchObject({ origin: { kind: "live" }, answers: [{ finish: { reason: "stop" } }] });
    expect(await cutaway(["show", call.parent])).toMatchObject({ code: 0, stdout: expect.stringContaining("a retry storm, and a") });
    expect(JSON.stringify(call)).not.toContain("sk-secret");
  });

  it("keeps and shows no key that the server echoes", async () => {
    const key = "sk-secret-0123456789abcdef";
    served = await serveModel(() => `Your key is ${key}, is it not?`);
    const { stdout, stderr } = await cutaway(["replay", "cut.json", "--base-url", served.url], { env: { OPENAI_API_KEY: key } });
    expect(stdout + stderr).not.toContain(key);
    expect(JSON.stringify(await latest())).toContain(`Your key is ${"*".repeat(key.length)}, is it not?`);
    for (const file of readdirSync(join(place.folder, "store"))) expect(readFileSync(join(place.folder, "store", file)).includes(key)).toBe(false);
  });

  it("repeats, and counts the different answers", async () => {
    served = await serveModel((number) => (number === 2 ? "Another." : "One."));
    const { code, stdout } = await cutaway(["replay", "latest", "--repeat", "3", "--base-url", served.url]);
    expect(code).toBe(0);
    expect(stdout).toContain("2 different answers in 3 calls");
    const json = JSON.parse((await cutaway(["replay", "latest", "--repeat", "2", "--base-url", served.url, "--json"])).stdout);
    expect(json).toMatchObject({ schema: "cutaway/replay", version: 1, runs: [{ diff: {} }, { diff: {} }] });
  });

  it("says the price first and sends nothing with --dry-run", async () => {
    served = await serveModel(() => "");
    const args = ["replay", "cut.json", "--repeat", "10", "--base-url", served.url, "--dry-run"];
    const plan = JSON.parse((await cutaway([...args, "--json"])).stdout);
    expect(plan).toMatchObject({ schema: "cutaway/replay-plan", calls: 10, inputTokens: 29, mostOutputTokens: 16 });
    expect(plan.costAtMost).toBeCloseTo(10 * (29 * 0.15e-6 + 16 * 0.6e-6), 12);
    expect((await cutaway(args)).stdout).toContain("at most   $0.00014  10 × $0.000014");
    expect(served.asked).toEqual([]);
  });

  it("counts the input itself where the recording has no count, and says so", async () => {
    writeFileSync(join(place.folder, "request.json"), JSON.stringify(chatRequest()));
    const args = ["replay", "request.json", "--base-url", "http://127.0.0.1:9"];
    const plan = JSON.parse((await cutaway([...args, "--dry-run", "--json"])).stdout);
    expect(plan).toMatchObject({ inputTokens: 19, inputTokensCountedBy: { name: "o200k_base", exact: true }, unknown: null });
    expect((await cutaway([...args, "--dry-run"])).stdout).toContain("each about 19 tokens in");
    expect(await cutaway([...args, "--max-cost", "1"])).toMatchObject({ code: 2, stdout: "", stderr: expect.stringContaining("message framing") });
  });

  it("never shows a call without an answer as one with the same answer", async () => {
    writeFileSync(join(place.folder, "request.json"), JSON.stringify(chatRequest()));
    served = await serveModel((_, response) => {
      response.writeHead(404, { "content-type": "application/json" });
      response.end(JSON.stringify({ error: { message: "No such deployment.", code: "DeploymentNotFound" } }));
      return undefined;
    });
    for (const file of ["request.json", "cut.json"]) {
      const { code, stdout } = await cutaway(["replay", file, "--base-url", served.url]);
      expect(code).toBe(5);
      expect(stdout).toMatch(/^✗ no answer came: HTTP 404, not-found {2}No such deployment\./);
      expect(stdout).not.toContain("answers are the same");
      expect(stdout).not.toContain("answer parts");
    }
    const many = await cutaway(["replay", "request.json", "--repeat", "2", "--base-url", served.url]);
    expect(many.stdout).not.toContain("the same answer");
  });

  it("does not count a model that only the URL names as changed", async () => {
    served = await serveModel(() => "Fine.");
    const { model: _, ...request } = chatRequest();
    writeFileSync(
      join(place.folder, "azure.json"),
      pair(request, chatAnswer("Fine.", "stop"), "https://me.openai.azure.com/openai/deployments/prod-4o/chat/completions?api-version=2024-10-21"),
    );
    const refused = await cutaway(["replay", "azure.json"]);
    expect(refused.stderr).toContain("add --base-url 'https://me.openai.azure.com/openai/deployments/prod-4o?api-version=2024-10-21'");
    const { stdout } = await cutaway(["replay", "azure.json", "--base-url", served.url]);
    expect(stdout).not.toContain('prod-4o"');
  });

  it("stops at the budget and keeps what was done", async () => {
    served = await serveModel(() => "One.");
    const byCalls = await cutaway(["replay", "cut.json", "--repeat", "3", "--max-calls", "1", "--base-url", served.url]);
    expect([byCalls.code, byCalls.stderr]).toEqual([6, expect.stringContaining("1 of 3 calls made")]);
    const byCost = await cutaway(["replay", "cut.json", "--repeat", "3", "--max-cost", "0.00003", "--base-url", served.url]);
    expect([byCost.code, byCost.stderr]).toEqual([6, expect.stringContaining("2 of 3 calls made")]);
    const nothing = await cutaway(["replay", "cut.json", "--max-cost", "0", "--base-url", served.url]);
    expect([nothing.code, nothing.stdout]).toEqual([6, ""]);
    expect(served.asked).toHaveLength(3);
  });

  it("ends with 4 where the key is missing or refused, with 5 where nobody answers", async () => {
    const missing = await cutaway(["replay", "cut.json"]);
    expect([missing.code, missing.stderr]).toEqual([4, expect.stringContaining("OPENAI_API_KEY")]);
    served = await serveModel((_, response) => {
      response.writeHead(401, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ error: { message: "Incorrect API key provided.", type: "invalid_request_error", param: null, code: "invalid_api_key" } }),
      );
      return undefined;
    });
    const refused = await cutaway(["replay", "cut.json", "--base-url", served.url]);
    expect(refused.code).toBe(4);
    const { url } = served;
    served.close();
    const dead = await cutaway(["replay", "cut.json", "--base-url", url]);
    expect(dead.code).toBe(5);
    expect(dead.stdout + dead.stderr).toContain("ECONNREFUSED");
  });

  it("keeps what had come when it is interrupted", async () => {
    served = await serveModel((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const chunk = {
        id: "chatcmpl-1",
        object: "chat.completion.chunk",
        created: 1,
        model: "gpt-4o-mini",
        choices: [{ index: 0, delta: { role: "assistant", content: "Half an" }, finish_reason: null }],
      };
      response.write(`data: ${JSON.stringify(chunk)}\n\n`);
      return undefined;
    });
    const { child, ended } = place.start(["replay", "cut.json", "--set", "stream=true", "--base-url", served.url]);
    await until(() => (served?.asked.length ?? 0) > 0);
    await new Promise((resolve) => setTimeout(resolve, 300));
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([130, "interrupted: 1 call kept\n"]);
    expect(await latest()).toMatchObject({ ending: "cancelled", answers: [{ text: "Half an" }] });
  });

  it("never sends a key to a server that only a file names", async () => {
    writeFileSync(join(place.folder, "stranger.json"), cutPair("https://stranger.example/v1/chat/completions"));
    const { code, stderr } = await cutaway(["replay", "stranger.json"], { env: { OPENAI_API_KEY: "sk-secret" } });
    expect(code).toBe(2);
    expect(stderr).toContain("add --base-url https://stranger.example/v1");
  });
});
