import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { collect, messages, modelName, served } from "./served.ts";

const chat = { model: modelName, messages, temperature: 0, max_tokens: 8 };
const long = { ...chat, max_tokens: 1900, stream: true as const };

describe("several clients at once", () => {
  test("get the answers that they get alone", async () => {
    const { client } = await served({ streams: 4 });
    const asked = Array.from({ length: 10 }, (_, i) => ({
      ...chat,
      messages: [{ role: "user" as const, content: `question ${i}` }],
      max_tokens: 20,
    }));
    const together = await Promise.all(asked.map((one) => client.chat.completions.create(one)));
    for (const [at, one] of asked.entries()) {
      expect((await client.chat.completions.create(one)).choices[0]?.message.content).toBe(together[at]?.choices[0]?.message.content);
    }
  });

  test("all advance: when one has its last token, the others are near theirs", async () => {
    const { client } = await served({ streams: 4 });
    const counts = [0, 0, 0, 0];
    let atFirstEnd: number[] | undefined;
    await Promise.all(
      counts.map(async (_, i) => {
        const stream = await client.chat.completions.create({
          ...long,
          max_tokens: 400,
          messages: [{ role: "user", content: `q${i}` }],
          logprobs: true,
        });
        for await (const chunk of stream) counts[i] = (counts[i] ?? 0) + (chunk.choices[0]?.logprobs?.content?.length ?? 0);
        atFirstEnd ??= [...counts];
      }),
    );
    expect(counts).toEqual([400, 400, 400, 400]);
    expect(Math.min(...(atFirstEnd ?? []))).toBeGreaterThan(300);
  });

  test("beyond streams and line: 429 with the seconds to wait, and room again as soon as one leaves", async () => {
    const { client, post } = await served({ streams: 1, queue: 1 });
    const controller = new AbortController();
    const running = await client.chat.completions.create(long, { signal: controller.signal });
    const reading = collect(running).catch(() => []);
    const waiting = post("/v1/chat/completions", chat);
    await expect.poll(async () => (await post("/v1/chat/completions", chat)).status, { timeout: 5000 }).toBe(429);
    const { headers, json } = await post("/v1/chat/completions", chat);
    expect(Number(headers.get("retry-after"))).toBeGreaterThanOrEqual(1);
    expect(json.error).toMatchObject({ type: "rate_limit_error", code: "rate_limit_exceeded" });
    controller.abort();
    await reading;
    expect((await waiting).status).toBe(200);
    expect((await post("/v1/chat/completions", chat)).status).toBe(200);
  });

  test("a request with more prompts than there are streams is answered, where nobody else is inside", async () => {
    const { client } = await served({ streams: 2, queue: 0 });
    const prompt = ["a", "b", "c", "d", "e"];
    const { choices } = await client.completions.create({ model: modelName, prompt, temperature: 0 });
    expect(choices.map(({ index }) => index)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe("a client that is gone", () => {
  test("frees its place within a token, streamed or not, running or waiting", async () => {
    const { url, post, model } = await served({ streams: 1, queue: 3 });
    const gone = (body: object) => {
      const socket = httpRequest(`${url}/v1/chat/completions`, { method: "POST", headers: { "content-type": "application/json" } });
      socket.on("error", () => {});
      socket.end(JSON.stringify(body));
      return socket;
    };
    const sockets = [gone(long), gone({ ...long, stream: false }), gone({ ...long, stream: false })];
    await new Promise((resolve) => setTimeout(resolve, 200));
    for (const socket of sockets) socket.destroy();
    const startedAt = performance.now();
    expect((await post("/v1/chat/completions", chat)).status).toBe(200);
    // 1,900 tokens of the three would take seconds.
    expect(performance.now() - startedAt).toBeLessThan(1500);
    expect(model.info.contextSize).toBe(2048);
  });

  test("before its prompt is scored to the end", async () => {
    const { url, post } = await served({ streams: 1, queue: 3 });
    const body = { model: modelName, prompt: Array.from({ length: 2000 }, (_, i) => 20 + (i % 50)), echo: true, logprobs: 1, max_tokens: 0 };
    const controller = new AbortController();
    const scoring = fetch(`${url}/v1/completions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
      signal: controller.signal,
    }).catch(() => "gone");
    await new Promise((resolve) => setTimeout(resolve, 30));
    controller.abort();
    expect(await scoring).toBe("gone");
    expect((await post("/v1/chat/completions", chat)).status).toBe(200);
  });
});

test("a reader that does not read stops its own answer, and nobody else's", async () => {
  const { url, client, store } = await served({ streams: 2 }, { trainedContext: 8192 });
  const body = JSON.stringify({ ...long, max_tokens: 8000, logprobs: true, top_logprobs: 100 });
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  socket.write(`POST /v1/chat/completions HTTP/1.1\r\nhost: ${hostname}:${port}\r\ncontent-type: application/json\r\n`);
  socket.write(`content-length: ${body.length}\r\n\r\n${body}`);
  await expect.poll(() => store.list().rows.length).toBe(1);
  const slow = store.resolve("latest");
  // Ten kilobytes a token: what the operating system takes in between is read by nobody, either.
  const others = 2400;
  for (let made = 0; made < others; made += 200) await client.chat.completions.create({ ...chat, max_tokens: 200 });
  socket.destroy();
  await expect.poll(() => store.get(slow)?.call.ending, { timeout: 5000 }).toBe("cancelled");
  const steps = store.get(slow)?.call.answers[0]?.steps?.length ?? 0;
  expect(steps).toBeGreaterThan(10);
  expect(steps).toBeLessThan(others / 2);
});

describe("who is answered", () => {
  const status = (url: string, headers: Record<string, string>) =>
    new Promise<number>((resolve, reject) => {
      httpRequest(`${url}/v1/models`, { headers }, (response) => {
        response.resume();
        resolve(response.statusCode ?? 0);
      })
        .on("error", reject)
        .end();
    });

  test("only by its own names, and no pages of other origins", async () => {
    const { url } = await served();
    const { host } = new URL(url);
    expect(await status(url, {})).toBe(200);
    expect(await status(url, { host: "evil.example" })).toBe(403);
    expect(await status(url, { host: host.replace("127.0.0.1", "evil.example") })).toBe(403);
    expect(await status(url, { origin: "http://evil.example" })).toBe(403);
    expect(await status(url, { origin: `http://${host}` })).toBe(200);
  });

  test("with a token, only who brings it", async () => {
    const token = "0123456789abcdef-secret";
    const { url, client, post } = await served({ token });
    expect(await status(url, {})).toBe(401);
    expect(await status(url, { authorization: "Bearer 0123456789abcdef-secreT" })).toBe(401);
    expect(await status(url, { authorization: `Bearer ${token}` })).toBe(200);
    expect(await status(url, { authorization: `Bearer ${token}`, host: "models.lan:80" })).toBe(200);
    expect(await status(url, { authorization: `Bearer ${token}`, origin: "http://evil.example" })).toBe(403);
    expect((await client.chat.completions.create(chat)).choices).toHaveLength(1);
    const { json } = await post("/v1/chat/completions", chat);
    expect(json.error.code).toBe("invalid_api_key");
    expect(JSON.stringify(json)).not.toContain(token);
  });

  test("another address than a loopback one needs a token, and a short one is none", async () => {
    await expect(served({ host: "0.0.0.0" })).rejects.toMatchObject({ code: "host-needs-token" });
    await expect(served({ token: "short" })).rejects.toMatchObject({ code: "token-too-short" });
    await expect(served({ host: "203.0.113.7", token: "0123456789abcdef" })).rejects.toMatchObject({ code: "host-not-here" });
    const open = await served({ host: "0.0.0.0", token: "0123456789abcdef" });
    expect(await status(open.url.replace("0.0.0.0", "127.0.0.1"), { authorization: "Bearer 0123456789abcdef" })).toBe(200);
  });
});

test("the caller's labels are kept with the call; without a store nothing is", async () => {
  const { post, store } = await served();
  await post("/v1/chat/completions", chat, {
    headers: { "content-type": "application/json", "x-cutaway-tag": "nightly, smoke", "x-cutaway-session": "s1" },
  });
  expect(store.get(store.resolve("latest"))?.call).toMatchObject({ tags: ["nightly", "smoke"], trace: { session: "s1" } });
  const unrecorded = await served({ store: undefined as never });
  expect((await unrecorded.post("/v1/chat/completions", chat)).status).toBe(200);
  expect(unrecorded.store.list().rows).toEqual([]);
});

test("closing ends what runs: the client hears it, the store keeps what there is", async () => {
  const { client, close, store } = await served();
  const stream = await client.chat.completions.create(long);
  const chunks: unknown[] = [];
  const reading = (async () => {
    for await (const chunk of stream) chunks.push(chunk);
  })();
  await expect.poll(() => chunks.length).toBeGreaterThan(10);
  const heard = expect(reading).rejects.toThrow(/stopped|terminated|closed/);
  await close();
  await heard;
  expect(store.get(store.resolve("latest"))?.call.ending).toBe("cancelled");
});
