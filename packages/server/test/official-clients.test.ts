import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";
import { describe, expect, test } from "vitest";
import type { Answer, Seen } from "./support/replay-server.ts";
import { running } from "./support/running.ts";
import { chatBody, chatStream, messagesBody, messagesStream, responsesStream } from "./support/wire.ts";

const openaiKey = "sk-proj-0123456789abcdefABCDEF";
const anthropicKey = "sk-ant-api03-0123456789abcdef";

/** One use of a client: what it got, in the client's own words. */
interface Use {
  name: string;
  answer: Answer;
  run(baseUrl: string, fetch: typeof globalThis.fetch): Promise<unknown>;
}

const collect = async <T>(stream: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
};

const openai = (base: string, fetch: typeof globalThis.fetch) => new OpenAI({ apiKey: openaiKey, baseURL: `${base}/v1`, fetch, maxRetries: 0 });
const anthropic = (base: string, fetch: typeof globalThis.fetch) => new Anthropic({ apiKey: anthropicKey, baseURL: base, fetch, maxRetries: 0 });
const messages = [{ role: "user" as const, content: "Sag Grüße 👋" }];
const words = ["Grü", "ße", " 👋"];

const uses: Use[] = [
  {
    name: "openai chat, streamed",
    answer: chatStream(words),
    run: async (base, fetch) =>
      collect(
        await openai(base, fetch).chat.completions.create({ model: "gpt-4o-mini", messages, stream: true, stream_options: { include_usage: true } }),
      ),
  },
  {
    name: "openai chat, whole",
    answer: { chunks: [chatBody("Grüße").slice(0, 50), chatBody("Grüße").slice(50)] },
    run: (base, fetch) => openai(base, fetch).chat.completions.create({ model: "gpt-4o-mini", messages }),
  },
  {
    name: "openai responses, streamed",
    answer: responsesStream(words),
    run: async (base, fetch) => collect(await openai(base, fetch).responses.create({ model: "gpt-4o-mini", input: "Sag Grüße", stream: true })),
  },
  {
    name: "openai, an error",
    answer: {
      status: 400,
      chunks: ['{"error":{"message":"max_tokens is too large","type":"invalid_request_error","param":"max_tokens","code":null}}'],
    },
    run: (base, fetch) =>
      openai(base, fetch)
        .chat.completions.create({ model: "gpt-4o-mini", messages })
        .catch((error: InstanceType<typeof OpenAI.APIError>) => [error.status, error.message, error.type]),
  },
  {
    name: "anthropic messages, streamed",
    answer: messagesStream(words),
    run: (base, fetch) => collect(anthropic(base, fetch).messages.stream({ model: "claude-haiku-4-5", max_tokens: 50, messages })),
  },
  {
    name: "anthropic messages, whole",
    answer: { chunks: [messagesBody("Grüße")] },
    run: (base, fetch) => anthropic(base, fetch).messages.create({ model: "claude-haiku-4-5", max_tokens: 50, messages }),
  },
];

/** Runs a use and keeps every byte that reached the client. */
async function observed(use: Use, base: string): Promise<{ result: unknown; bytes: Buffer; status: number; headers: [string, string][] }> {
  const pieces: Uint8Array[] = [];
  let status = 0;
  let headers: [string, string][] = [];
  const result = await use.run(base, async (input, init) => {
    const response = await fetch(input, init);
    status = response.status;
    headers = [...response.headers].filter(([name]) => !["connection", "keep-alive", "transfer-encoding"].includes(name));
    const tee = new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, controller) {
        pieces.push(bytes);
        controller.enqueue(bytes);
      },
    });
    return new Response(response.body?.pipeThrough(tee), { status, headers: response.headers });
  });
  return { result, bytes: Buffer.concat(pieces), status, headers };
}

const headersOf = ({ rawHeaders }: Seen) =>
  rawHeaders
    .flatMap((name, i) => (i % 2 === 0 && !["host", "connection"].includes(name.toLowerCase()) ? [[name.toLowerCase(), rawHeaders[i + 1]]] : []))
    .sort();

describe.each(uses)("$name", (use) => {
  test("the client sends and gets the same bytes with and without the proxy, and the call is recorded", async () => {
    const { url, upstream, store } = await running(() => use.answer);
    const direct = await observed(use, upstream.url);
    const through = await observed(use, url);
    expect(through).toEqual(direct);
    expect(through.bytes.length).toBeGreaterThan(50);
    const [seenDirect, seenThrough] = upstream.seen as [Seen, Seen];
    expect(seenThrough.body.equals(seenDirect.body)).toBe(true);
    expect([seenThrough.method, seenThrough.url, headersOf(seenThrough)]).toEqual([seenDirect.method, seenDirect.url, headersOf(seenDirect)]);
    const row = store.list().rows[0];
    expect(row?.ending).toBe("complete");
    const stored = store.get(store.resolve("latest"))?.call;
    expect(Buffer.from(store.body(stored?.bodies?.response ?? "") ?? []).equals(direct.bytes)).toBe(true);
    expect(Buffer.from(store.body(stored?.bodies?.request ?? "") ?? []).equals(seenDirect.body)).toBe(true);
  });
});
