import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { tinyLlama } from "@cutaway/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { emptyPlace, until } from "./run-cutaway.ts";

const place = emptyPlace();
const quick = ["--model", "./tiny.gguf", "--threads", "1", "--port", "0"];

beforeAll(() => writeFileSync(join(place.folder, "tiny.gguf"), tinyLlama({ seed: 3, trainedContext: 4096, endless: true })));
afterAll(place.remove);

const ask = async (base: string, fields: object = {}, headers: Record<string, string> = {}) => {
  const response = await fetch(`${base}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ model: "tiny", messages: [{ role: "user", content: "hello" }], max_tokens: 8, temperature: 0, ...fields }),
  });
  return { status: response.status, text: await response.text() };
};

describe("serve", () => {
  it("says how to point a client at it, tells of every call, keeps it, and stops on Ctrl-C", async () => {
    const { child, output, ended } = place.start(["serve", ...quick, "--max-streams", "3", "--queue", "5"]);
    await until(() => output.stdout.includes("Ctrl-C"));
    const [, base = ""] = /export OPENAI_BASE_URL=(http:\/\/127\.0\.0\.1:\d+\/v1) OPENAI_API_KEY=none/.exec(output.stdout) ?? [];
    expect(output.stdout).toContain('with the model "tiny"');
    expect(output.stdout).toContain("3 at once, 5 may wait; up to 4,096 tokens each, 1,024 MiB for all of them");
    const { status, text } = await ask(base);
    expect(status).toBe(200);
    await until(() => /tiny\.gguf.* · output-cap \("length"\) · \d+ tokens in, 8 out/.test(output.stdout));
    child.kill("SIGINT");
    const { code, stderr } = await ended;
    expect([code, stderr]).toEqual([130, "stopped; finished calls are kept\n"]);
    const { id } = JSON.parse(text) as { id: string };
    const { call } = JSON.parse((await place.cutaway(["show", id.replace("chatcmpl-", ""), "--json"])).stdout);
    expect(call).toMatchObject({ origin: { kind: "local", from: "serve" }, usage: { outputTokens: 8 } });
    // The call names what finds the file again.
    const replay = await place.cutaway(["replay", call.id, "--json"]);
    expect(JSON.parse(replay.stdout).runs[0].diff).toMatchObject({ answers: [], request: [] });
  });

  it("keeps nothing with --no-record, writes JSON lines for programs, and ends with 143 in the middle of an answer", async () => {
    const before = (await place.cutaway(["list", "--json"])).stdout;
    const { child, output, ended } = place.start(["serve", ...quick, "--no-record", "--json", "--context-size", "2048"]);
    await until(() => output.stdout.includes("\n"));
    const server = JSON.parse(output.stdout) as { openaiBaseUrl: string };
    expect(server).toMatchObject({
      schema: "cutaway/model-server",
      version: 1,
      model: "tiny",
      contextSize: 2048,
      maxStreams: 32,
      queue: 64,
      recorded: false,
    });
    await ask(server.openaiBaseUrl);
    await until(() => output.stdout.trim().split("\n").length === 2);
    expect(JSON.parse(output.stdout.trim().split("\n")[1] ?? "")).toMatchObject({
      schema: "cutaway/call-finished",
      call: { usage: { outputTokens: 8 } },
    });
    const cut = ask(server.openaiBaseUrl, { max_tokens: 2000, stream: true }).catch((error: unknown) => error);
    await new Promise((resolve) => setTimeout(resolve, 100));
    child.kill("SIGTERM");
    expect((await ended).code).toBe(143);
    await cut;
    expect((await place.cutaway(["list", "--json"])).stdout).toBe(before);
  });

  it("asks for the token of CUTAWAY_TOKEN, and shows it nowhere", async () => {
    const token = "a-secret-of-20-chars";
    const { child, output, ended } = place.start(["serve", ...quick], { CUTAWAY_TOKEN: token });
    await until(() => output.stdout.includes("Ctrl-C"));
    const [, base = ""] = /OPENAI_BASE_URL=(\S+)/.exec(output.stdout) ?? [];
    expect(output.stdout).toContain("OPENAI_API_KEY=$CUTAWAY_TOKEN");
    expect((await ask(base)).status).toBe(401);
    expect((await ask(base, {}, { authorization: `Bearer ${token}` })).status).toBe(200);
    child.kill("SIGINT");
    const { stdout, stderr } = await ended;
    expect(stdout + stderr).not.toContain(token);
  });

  it.each<[string[], RegExp, NodeJS.ProcessEnv?]>([
    [["--host", "0.0.0.0"], /needs|CUTAWAY_TOKEN/],
    [[], /the token has 5 characters/, { CUTAWAY_TOKEN: "short" }],
    [["--max-streams", "0"], /--max-streams/],
    [["--context-size", "5000"], /4096/],
    [["--model", "./none.gguf"], /none\.gguf/],
  ])("refuses %j", async (args, says, env = {}) => {
    const { code, stdout, stderr } = await place.cutaway(["serve", ...quick, ...args], { env });
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
  });
});
