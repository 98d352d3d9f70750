import { readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { expect, test } from "vitest";
import { running } from "./support/running.ts";
import { chatBody, chatStream } from "./support/wire.ts";

const keys = [
  "sk-proj-AUTHORIZATIONkey01",
  "sk-ant-XAPIKEYkey0123",
  "azureAPIKEYkey012345678",
  "QUERYkey0123456789",
  "COOKIEsession0123456",
  "FRAGMENTkey01234567",
] as const;
const [authorization, xApiKey, apiKey, query, cookie, orgKey] = keys;

test("a key sent in every place it can be is nowhere in the data file, the warnings or the API, even when the upstream echoes it", async () => {
  const echo = `{"error":{"message":"Incorrect API key provided: ${authorization}, ${xApiKey}, ${apiKey}, ${query}","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}`;
  let calls = 0;
  const { url, path, store, upstream, warnings } = await running(() => {
    calls++;
    // The echo arrives cut through the middle of the first key.
    if (calls === 1) return { status: 401, chunks: [echo.slice(0, 60), [20, echo.slice(60)]] };
    if (calls === 2) return { headers: ["content-type", "application/json", "x-echo", authorization], chunks: [chatBody(`your key is ${xApiKey}`)] };
    if (calls === 3) return chatStream(["the key ", authorization, " again"]);
    // In pieces of the stream, in an answer cut through the key by the network, and in a header that is kept.
    if (calls === 4) return chatStream(["the key ", authorization.slice(0, 9), authorization.slice(9), " again"]);
    const whole = chatBody(`your key is ${xApiKey}`);
    const cut = whole.indexOf(xApiKey) + 5;
    return {
      headers: ["content-type", "application/json", "x-request-id", apiKey, "apim-request-id", "kept-by-the-one-list"],
      chunks: [whole.slice(0, cut), [20, whole.slice(cut)]],
    };
  });
  for (let n = 0; n < 5; n++) {
    const response = await fetch(`${url}/v1/chat/completions?api-version=2024-10-21&key=${query}`, {
      method: "POST",
      headers: {
        authorization: `Bearer ${authorization}`,
        "x-api-key": xApiKey,
        "api-key": apiKey,
        cookie: `session=${cookie}`,
        "openai-organization": orgKey,
        "content-type": "application/json",
      },
      body: JSON.stringify({ model: "gpt-4o-mini", messages: [{ role: "user", content: `my key is ${authorization}` }], stream: n === 2 || n === 3 }),
    });
    const body = await response.text();
    expect(body).toContain(n === 1 || n === 4 ? xApiKey : n === 3 ? authorization.slice(9) : authorization);
  }
  expect(upstream.seen[0]?.url).toContain(query);
  expect(store.list().rows).toHaveLength(5);

  const texts = store.list().rows.flatMap(({ id }) => {
    const { call } = store.get(id) ?? {};
    return [
      JSON.stringify(call),
      ...[call?.bodies?.request, call?.bodies?.response].map((hash) => Buffer.from(store.body(hash ?? "") ?? []).toString()),
    ];
  });
  const api = await Promise.all(
    ["/api/calls", "/api/about", "/api/calls/latest", "/api/calls/latest/export.case.json", "/api/calls/latest/export.html"].map(async (route) =>
      (await fetch(url + route)).text(),
    ),
  );
  const folder = dirname(path);
  const files = readdirSync(folder)
    .filter((name) => name.startsWith(basename(path)))
    .map((name) => readFileSync(join(folder, name), "latin1"));
  const everything = [...texts, ...api, ...files, ...warnings].join("\n");
  expect(everything).toContain("my key is *****");
  expect(everything).toContain("kept-by-the-one-list");
  for (const key of keys) expect(everything.includes(key), key).toBe(false);
});
