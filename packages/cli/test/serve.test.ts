import { mkdirSync, mkdtempSync, rmSync, truncateSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { webState } from "../src/serve/web-build.ts";
import { chatRequest } from "./bodies.ts";
import { emptyPlace, until } from "./run-cutaway.ts";
import { type ServedModel, serveModel } from "./served-model.ts";

const place = emptyPlace();
let served: ServedModel | undefined;
afterEach(() => served?.close());
afterAll(place.remove);

const ask = (base: string) =>
  fetch(`${base}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer sk-secret" },
    body: JSON.stringify(chatRequest()),
  });

describe("proxy", () => {
  it("prints what to export, records a call as it happens, and stops on Ctrl-C", async () => {
    served = await serveModel(() => "A stale cache failed.");
    const { child, output, ended } = place.start(["proxy", "--port", "0", "--openai", served.url]);
    await until(() => output.stdout.includes("Ctrl-C"));
    const [, base = ""] = /export OPENAI_BASE_URL=(http:\/\/127\.0\.0\.1:\d+\/v1)/.exec(output.stdout) ?? [];
    expect(output.stdout).toContain(`export ANTHROPIC_BASE_URL=${base.replace("/v1", "")}`);
    const answer = (await (await ask(base)).json()) as { choices: { message: { content: string } }[] };
    expect(answer.choices[0]?.message.content).toBe("A stale cache failed.");
    await until(() => /gpt-4o-mini → gpt-4o-mini-2024-07-18 · stop · 29 tokens in, 16 out/.test(output.stdout));
    child.kill("SIGINT");
    const { code, stdout, stderr } = await ended;
    expect([code, stderr]).toEqual([130, "stopped; finished calls are kept\n"]);
    expect(stdout.match(/29 tokens in/g)).toHaveLength(1);
    const list = await place.cutaway(["list", "--json"]);
    expect(JSON.parse(list.stdout)).toMatchObject({ calls: [{ origin: "proxy", finish: ["stop"] }] });
    expect(list.stdout + stdout).not.toContain("sk-secret");
  });

  it("writes JSON lines for programs, and ends with 143 on SIGTERM", async () => {
    served = await serveModel(() => "Yes.");
    const { child, output, ended } = place.start(["proxy", "--port", "0", "--openai", served.url, "--json"]);
    await until(() => output.stdout.includes("\n"));
    const server = JSON.parse(output.stdout) as { openaiBaseUrl: string };
    expect(server).toMatchObject({ schema: "cutaway/server", version: 1 });
    await ask(server.openaiBaseUrl);
    await until(() => output.stdout.trim().split("\n").length === 2);
    child.kill("SIGTERM");
    expect((await ended).code).toBe(143);
    expect(JSON.parse(output.stdout.trim().split("\n")[1] ?? "")).toMatchObject({
      schema: "cutaway/call-finished",
      call: { answers: [{ text: "Yes." }] },
    });
  });

  it("ends when npm has been ended: its shell does not pass the signal on", async () => {
    const { child, output, ended } = place.start(["proxy", "--port", "0", "--json"], { npm_lifecycle_event: "start" }, "shell");
    await until(() => output.stdout.includes("\n"));
    const { url } = JSON.parse(output.stdout) as { url: string };
    child.kill("SIGKILL");
    expect((await ended).stderr).toBe("stopped; finished calls are kept\n");
    await expect(fetch(url)).rejects.toThrow("fetch failed");
  });

  it("does not say that calls are kept which were not", async () => {
    served = await serveModel(() => "Yes.");
    const locked = join(place.folder, "locked");
    const { child, output, ended } = place.start(["proxy", "--port", "0", "--openai", served.url, "--json"], { CUTAWAY_DIR: locked });
    await until(() => output.stdout.includes("\n"));
    const { openaiBaseUrl } = JSON.parse(output.stdout) as { openaiBaseUrl: string };
    const other = new DatabaseSync(join(locked, "cutaway.db"));
    other.exec("begin immediate");
    await ask(openaiBaseUrl);
    child.kill("SIGINT");
    const { stderr } = await ended;
    other.close();
    expect(stderr).toMatch(/^! stopped; 1 call could not be recorded$/m);
    expect(stderr).not.toContain("kept");
  });

  it("goes on passing calls when its data file is damaged under it", async () => {
    const damaged = join(place.folder, "damaged");
    served = await serveModel(() => "Yes.");
    const { child, output, ended } = place.start(["proxy", "--port", "0", "--openai", served.url, "--json"], { CUTAWAY_DIR: damaged });
    await until(() => output.stdout.includes("\n"));
    const { openaiBaseUrl } = JSON.parse(output.stdout) as { openaiBaseUrl: string };
    truncateSync(join(damaged, "cutaway.db"));
    await until(() => output.stderr.includes("finished calls cannot be shown"));
    expect((await ask(openaiBaseUrl)).status).toBe(200);
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    expect(code).toBe(130);
    expect(stderr.match(/finished calls cannot be shown/g)).toHaveLength(1);
    expect(stderr).not.toMatch(/^ +at /m);
  });

  it("says who has the port", async () => {
    const first = place.start(["proxy", "--port", "0", "--json"]);
    await until(() => first.output.stdout.includes("\n"));
    const { port } = JSON.parse(first.output.stdout) as { port: number };
    const second = await place.cutaway(["proxy", "--port", String(port)]);
    expect([second.code, second.stderr]).toEqual([2, expect.stringContaining(`Cutaway runs already at http://127.0.0.1:${port}`)]);
    first.child.kill("SIGINT");
    await first.ended;

    served = await serveModel(() => "");
    const taken = await place.cutaway(["proxy", "--port", new URL(served.url).port]);
    expect([taken.code, taken.stderr]).toEqual([2, expect.stringContaining("in use")]);
  });
});

describe("the built workbench", () => {
  const root = mkdtempSync(join(tmpdir(), "cutaway-web-"));
  afterAll(() => rmSync(root, { recursive: true, force: true }));
  const write = (path: string, seconds: number) => {
    mkdirSync(join(root, path, ".."), { recursive: true });
    writeFileSync(join(root, path), "");
    utimesSync(join(root, path), seconds, seconds);
  };

  it("is missing, current, or older than any of its sources", () => {
    expect(webState(root)).toBe("no sources");
    write("web/vite.config.ts", 1000);
    write("web/src/app/deep.tsx", 1000);
    write("core/src/call.ts", 1000);
    expect(webState(root)).toBe("missing");
    write("web/dist/index.html", 2000);
    expect(webState(root)).toBe("current");
    write("web/src/app/deep.tsx", 3000);
    expect(webState(root)).toBe("stale");
    write("web/src/app/deep.tsx", 1000);
    write("core/src/call.ts", 3000);
    expect(webState(root)).toBe("stale");
  });
});
