import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { controlsOf } from "./any-text.ts";
import { chatAnswer, chatRequest, cutPair, healthyPair, pair } from "./bodies.ts";
import { emptyPlace } from "./run-cutaway.ts";

const place = emptyPlace();
const { cutaway } = place;
const file = (name: string, content: string | Uint8Array) => writeFileSync(join(place.folder, name), content);
const jsonOf = async (args: string[]) => JSON.parse((await cutaway([...args, "--json"])).stdout) as Record<string, never>;

beforeAll(() => {
  file("cut.json", cutPair());
  file("healthy.json", healthyPair());
  file("other.json", JSON.stringify({ weather: "mild" }));
  file("many.jsonl", `${[cutPair().replace("chatcmpl-constructed", "chatcmpl-another"), healthyPair(), cutPair()].join("\n")}\n`);
});
afterAll(place.remove);

describe("explain", () => {
  it("gives the cause, what to change, and keeps the call", async () => {
    const { code, stdout, stderr } = await cutaway(["explain", "cut.json"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(stdout).toMatch(/^✗ .*cap/);
    const [, id, cap] = /\$ npx cutaway replay ([0-9A-Z]{26}) --set max_tokens=(\d+)/.exec(stdout) ?? [];
    expect(Number(cap)).toBeGreaterThan(16);
    const { calls } = await jsonOf(["list"]);
    expect(calls).toMatchObject([
      { id, model: "gpt-4o-mini", finish: ["output-cap"], inputTokens: 29, ttft: null, findings: [{ rule: "cut.output-cap" }] },
    ]);
  });

  it("keeps nothing with --no-store, not even a folder", async () => {
    const store = join(place.folder, "nothing");
    const { code, stdout } = await cutaway(["explain", "cut.json", "--no-store"], { env: { CUTAWAY_DIR: store } });
    expect(code).toBe(0);
    expect(existsSync(store)).toBe(false);
    expect(stdout).toContain("$ npx cutaway replay cut.json --set max_tokens=");
  });

  it("reads standard input", async () => {
    const { stdout } = await cutaway(["explain", "-", "--no-store"], { input: cutPair() });
    expect(stdout).toContain("cut.output-cap");
    expect(stdout).toContain("standard input");
  });

  it("explains many as a table, the gravest in full", async () => {
    const { code, stdout } = await cutaway(["explain", "many.jsonl", "healthy.json", "--no-store"]);
    expect(code).toBe(0);
    expect(stdout.split("\n").filter((row) => /^[✗✓] {2}(many\.jsonl|healthy\.json)/.test(row))).toHaveLength(4);
    expect(stdout).toContain("4 calls · 2 with findings");
    expect(stdout).not.toContain("cutaway show");
    const kept = await cutaway(["explain", "many.jsonl"], { env: { CUTAWAY_DIR: join(place.folder, "table"), COLUMNS: "140" } });
    const [, id] = /\$ npx cutaway show ([0-9A-Z]{26})$/m.exec(kept.stdout) ?? [];
    expect(kept.stdout).toMatch(new RegExp(`^✗ {2}many\\.jsonl\\S* .* ${id}$`, "m"));
  });

  it("gives one JSON for any number of inputs, what it could not read beside it", async () => {
    const { code, stdout, stderr } = await cutaway(["explain", "--json", "many.jsonl", "other.json", "--no-store"]);
    expect([code, stderr]).toEqual([0, ""]);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "cutaway/explanations",
      version: 1,
      explanations: [
        { schema: "cutaway/explanation", findings: [{ rule: "cut.output-cap" }] },
        { schema: "cutaway/explanation", findings: [] },
        { schema: "cutaway/explanation", findings: [{ rule: "cut.output-cap" }] },
      ],
      unsupported: [{ from: "other.json" }],
      failed: [],
    });
  });

  it("names what it does not know and ends with 2 when there was nothing else", async () => {
    const alone = await cutaway(["explain", "other.json"]);
    expect([alone.code, alone.stdout]).toEqual([2, ""]);
    expect(alone.stderr).toMatch(/^unsupported-format: \S+ {2}other\.json: /);
    const beside = await cutaway(["explain", "other.json", "healthy.json", "--no-store"]);
    expect(beside.code).toBe(0);
    expect(beside.stderr).toMatch(/^unsupported-format: /);
  });

  it("goes on after an input that cannot be read, and says which", async () => {
    file("broken.json", '{"model": "gpt-4o", "messages": [');
    const { code, stdout, stderr } = await cutaway(["explain", "broken.json", "missing.json", "healthy.json", "--no-store"]);
    expect(code).toBe(2);
    expect(stdout).toContain("Nothing wrong found.");
    expect(stderr).toMatch(/2 of 3 inputs could not be read: .*broken\.json.*missing\.json/);
  });

  it("fails on findings only when told to", async () => {
    const codeOf = async (...args: string[]) => (await cutaway(["explain", "--no-store", ...args])).code;
    expect(await codeOf("cut.json", "--fail-on", "problem")).toBe(100);
    expect(await codeOf("cut.json", "--fail-on", "cut.output-cap")).toBe(100);
    expect(await codeOf("cut.json", "--fail-on", "loop.repetition")).toBe(0);
    expect(await codeOf("healthy.json", "--fail-on", "note")).toBe(0);
    expect(await codeOf("cut.json", "--fail-on", "cut.nothing")).toBe(2);
  });

  it("takes the user's word for the model, its window and its tokenizer", async () => {
    file(
      "unnamed.json",
      pair(chatRequest({ model: "in-house" }), chatAnswer("Well.", "stop", { model: "in-house" }), "http://127.0.0.1:8000/v1/chat/completions"),
    );
    const before = await jsonOf(["explain", "unnamed.json", "--no-store"]);
    const after = await jsonOf(["explain", "unnamed.json", "--no-store", "--model", "gpt-4o", "--provider", "openai", "--tokenizer", "cl100k_base"]);
    expect(before).toMatchObject({ explanations: [{ cost: null, prompt: { segments: [{}, {}] } }] });
    expect(after).toMatchObject({
      explanations: [
        { cost: { price: { model: "gpt-4o" } }, prompt: { tokenizer: { name: "cl100k_base" } }, call: { notices: [{ code: "model-given" }] } },
      ],
    });
  });

  it("shows no control character of a hostile answer", async () => {
    file("hostile.json", pair(chatRequest(), chatAnswer("\x1b]0;owned\x07\x1b[2J\u202eevil", "length")));
    const runs = await Promise.all([
      cutaway(["explain", "hostile.json", "--no-store"]),
      cutaway(["explain", "hostile.json", "healthy.json", "--no-store"]),
      cutaway(["diff", "hostile.json", "healthy.json"]),
    ]);
    for (const { stdout, stderr } of runs) expect(controlsOf((stdout + stderr).replaceAll("\n", ""))).toEqual([]);
  });
});

describe("the same recording twice", () => {
  it("is one stored call", async () => {
    const store = { CUTAWAY_DIR: join(place.folder, "once") };
    const run = (...args: string[]) => cutaway(args, { env: store });
    await run("explain", "cut.json");
    await run("explain", "cut.json");
    const again = await run("import", "cut.json", "healthy.json");
    expect(again.stderr).toBe("stored 1 call, 1 already stored\n");
    await run("replay", "cut.json", "--base-url", "http://127.0.0.1:9");
    const { calls } = JSON.parse((await run("list", "--json")).stdout);
    expect(calls).toHaveLength(3);
    expect(calls[2]).toMatchObject({ id: again.stdout.split("\n")[0], findings: [{ rule: "cut.output-cap" }] });
    expect(calls[0]).toMatchObject({ parent: calls[2].id });
  });
});

describe("an input that cannot be read", () => {
  it("does not stop the import of the others, and is named", async () => {
    file("broken.json", "{");
    const env = { CUTAWAY_DIR: join(place.folder, "partly") };
    const { code, stdout, stderr } = await cutaway(["import", "--json", "cut.json", "broken.json", "healthy.json"], { env });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({ ids: [expect.any(String), expect.any(String)], failed: [{ from: "broken.json" }] });
    expect(stderr).toContain("broken.json");
  });
});

describe("stored calls", () => {
  const store = { CUTAWAY_DIR: join(place.folder, "kept") };
  const run = (args: string[], input?: string) => cutaway(args, { env: store, ...(input !== undefined && { input }) });

  it("are imported, listed, shown, compared, exported, read back and deleted", async () => {
    const imported = await run(["import", "many.jsonl"]);
    expect(imported.stderr).toBe("stored 3 calls\n");
    const ids = imported.stdout.trim().split("\n");
    expect(ids).toHaveLength(3);
    const list = await run(["list"]);
    expect(list.stdout).toContain((ids[0] as string).slice(0, 14));

    const shown = await run(["show", "latest"]);
    expect(shown.stdout).toContain("Three things failed at once");
    expect(shown.stdout).toContain(ids[2]);
    expect((await run(["show", (ids[2] as string).slice(0, 20)])).stdout).toBe(shown.stdout);
    expect(JSON.parse((await run(["show", "latest", "--body", "response"])).stdout)).toEqual(
      chatAnswer("Three things failed at once: a stale cache, a retry storm, and a"),
    );

    expect((await run(["diff", "latest~2", "latest"])).stdout).toContain("Nothing differs");
    const diff = await run(["diff", "latest~1", "latest"]);
    expect(diff.stdout).toContain("answer parts at character 0");
    expect(diff.stdout).toContain("parameters.maxOutputTokens  400 → 16");
    expect(JSON.parse((await run(["diff", "latest~1", "latest", "--json"])).stdout)).toMatchObject({
      schema: "cutaway/diff",
      version: 1,
      equal: false,
    });

    const exported = await run(["export", "latest", "-o", "one.case.json"]);
    expect([exported.code, exported.stdout]).toEqual([0, ""]);
    expect((await run(["export", "latest", "-o", "one.case.json"])).code).toBe(2);
    expect((await run(["diff", "one.case.json", "latest"])).stdout).toContain("Nothing differs");
    await run(["export", "latest", "latest~1", "-o", "two.jsonl"]);
    expect(readFileSync(join(place.folder, "two.jsonl"), "utf8").trim().split("\n")).toHaveLength(2);
    await run(["export", "latest", "-o", "one.html"]);
    expect(readFileSync(join(place.folder, "one.html"), "utf8")).toMatch(/^<!doctype html>/i);

    expect((await run(["delete", "latest", "no-such-call"])).code).toBe(2);
    expect((await run(["delete", ids[0] as string, "latest"])).stderr).toBe("deleted 2 calls\n");
    expect(JSON.parse((await run(["list", "--json"])).stdout)).toMatchObject({
      schema: "cutaway/calls",
      version: 1,
      calls: [{ id: ids[1] }],
      next: null,
    });
  }, 60_000);

  it("say what is not there", async () => {
    expect((await run(["show", "latest~99"])).stderr).toContain("latest~99");
    expect((await run(["list", "--search", "no such words"])).stderr).toBe("No stored call fits.\n");
    file("answer-only.json", JSON.stringify(chatAnswer("Well.", "stop")));
    await run(["import", "answer-only.json"]);
    const body = await run(["show", "latest", "--body", "request"]);
    expect([body.code, body.stderr]).toEqual([2, expect.stringContaining("was not recorded")]);
    const replayed = await run(["replay", "latest"]);
    expect([replayed.code, replayed.stderr]).toEqual([2, expect.stringContaining("only the answer of this call was recorded")]);
  });

  it("lie in the nearest .cutaway, out of version control", async () => {
    mkdirSync(join(place.folder, "project/.cutaway"), { recursive: true });
    await cutaway(["explain", "cut.json"], { env: { CUTAWAY_DIR: join(place.folder, "project/.cutaway") } });
    expect(readFileSync(join(place.folder, "project/.cutaway/.gitignore"), "utf8")).toBe("*\n");
  });

  it("of a file that is no store end with one message", async () => {
    mkdirSync(join(place.folder, "bad"));
    file("bad/cutaway.db", "this is not a database, whatever its name says".repeat(200));
    const { code, stderr } = await cutaway(["list"], { env: { CUTAWAY_DIR: join(place.folder, "bad") } });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^cutaway: .*cutaway\.db/);
  });
});

describe("tokens", () => {
  it("offers --text for words that are no file", async () => {
    const { code, stderr } = await cutaway(["tokens", "show", "--model", "gpt-4o", "42 U.S.C. § 1983"]);
    expect(code).toBe(2);
    expect(stderr).toContain("42 U.S.C. § 1983: no such file");
    expect(stderr).toContain('--text "…"');
    expect(stderr).not.toContain("stored call");
  });
});

describe("doctor", () => {
  it("says whether keys are there, never what they are", async () => {
    const { stdout } = await cutaway(["doctor", "--port", "47470"], { env: { OPENAI_API_KEY: "sk-secret" } });
    expect(stdout).toMatch(/^✓ OPENAI_API_KEY +set$/m);
    expect(stdout).toMatch(/^– ANTHROPIC_API_KEY +not set/m);
    expect(stdout).not.toContain("sk-secret");
    expect(stdout).toMatch(/^✓ tokenizers +o200k_base, cl100k_base, .*bytes, characters$/m);
  });

  it("ends with 2 when something is broken", async () => {
    mkdirSync(join(place.folder, "worse"), { recursive: true });
    file("worse/cutaway.db", "x".repeat(5000));
    const { code, stdout } = await cutaway(["doctor", "--json"], { env: { CUTAWAY_DIR: join(place.folder, "worse") } });
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "cutaway/doctor",
      checks: expect.arrayContaining([expect.objectContaining({ name: "store", state: "bad" })]),
    });
  });
});
