import { readFileSync } from "node:fs";
import { type Call, type CallEvent, CutawayError, foldCall, newCallId, seededRandom } from "@cutaway/core";
import { testData } from "@cutaway/core/testing";
import { type InputItem, readInput } from "@cutaway/provider";
import { describe, expect, test } from "vitest";
import { expectedOf } from "./expected.ts";
import { type Recording, recordingsIn } from "./recordings.ts";

const root = testData("traces/llm-wire");
const recordings = root ? recordingsIn(root) : [];

const read = async (bytes: Uint8Array, name: string): Promise<InputItem[]> => {
  const items: InputItem[] = [];
  for await (const item of readInput(bytes, name)) items.push(item);
  return items;
};
const fold = (events: Iterable<CallEvent>): Call => foldCall(events, { id: newCallId(), origin: { kind: "file" } });

const readRecording = async ({ file, name, index }: Recording): Promise<Call | { unsupported: string }> => {
  const item = (await read(readFileSync(file), name))[index];
  if (!item) throw new Error(`nothing was read at position ${index}`);
  return item.kind === "call" ? fold(item.events) : { unsupported: item.name };
};

const supported = recordings.filter((recording) => expectedOf(recording));
const rest = recordings.filter((recording) => !expectedOf(recording));

/** Bodies that hold no model answer but an error, or nothing. */
const answerless = rest.filter(
  ({ body, uri }) =>
    (/^\s*\{\s*"error"/.test(body) || body === '""' || body === "") && (!uri || /\/(chat\/completions|responses|messages)$/.test(uri)),
);
const foreign = rest.filter((recording) => !answerless.includes(recording));

/** Two of this stream's lines are not JSON as recorded, its terminal event among them. */
const brokenAsRecorded = "parallel-tool-call-wrapper.1.chunks.txt";

/** The deltas of this stream were shortened by hand; its final event holds a longer text. What was streamed counts, and a notice says that they differ. */
const trimmedAsRecorded = "openai-shell-container.1.chunks.txt";

describe.skipIf(!root)("recorded traffic, against the raw bodies", () => {
  test("there is a lot of it", () => {
    expect(supported.length).toBeGreaterThan(180);
    expect(foreign.length).toBeGreaterThan(80);
  });

  test.each(supported.map((recording) => [recording.name, recording] as const))("%s", async (name, recording) => {
    const call = await readRecording(recording);
    if ("unsupported" in call) throw new Error(`unsupported-format: ${call.unsupported}`);
    const expected = expectedOf(recording);
    if (!expected) throw new Error("no longer expected");
    const broken = name.endsWith(brokenAsRecorded);
    const trimmed = name.endsWith(trimmedAsRecorded);
    expect(call.format).toBe(expected.format);
    expect(call.ending).toBe(broken ? "cut" : "complete");
    expect(
      call.answers.map((answer) => ({
        reason: answer.finish.reason,
        raw: answer.finish.raw,
        text: answer.text,
        reasoning: answer.reasoning ?? "",
        tools: answer.toolCalls.map((tool) => [tool.name, canonical(tool.arguments)]),
      })),
    ).toEqual(
      expected.answers.map((answer) => ({
        ...answer,
        ...(broken && { reason: "cut" }),
        ...(trimmed && { text: "The command ran successfully." }),
        raw: broken ? undefined : answer.raw,
        tools: answer.tools.map(([tool, args]) => [tool, canonical(args)]),
      })),
    );
    for (const [count, value] of Object.entries(expected.usage)) expect([count, call.usage[count as keyof Call["usage"]]]).toEqual([count, value]);
    expect({
      id: call.response?.id,
      created: call.response?.created,
      fingerprint: call.response?.fingerprint,
      tier: call.response?.serviceTier,
      served: call.model.served,
    }).toEqual({
      id: expected.id,
      created: expected.created,
      fingerprint: expected.fingerprint,
      tier: expected.serviceTier,
      served: expected.served,
    });
    expect(call.error?.message).toBe(expected.error?.message);
    if (trimmed) expect(call.notices.map((notice) => notice.code)).toContain("final-text-differs");
  });

  test.each(
    recordings
      .filter(({ headers }) => Object.keys(headers).some((header) => /ratelimit|request-id|processing-ms/.test(header)))
      .map((recording) => [recording.name, recording] as const),
  )("headers of %s", async (_, recording) => {
    const call = await readRecording(recording);
    if ("unsupported" in call) return expect(call.unsupported).not.toBe("");
    const { headers } = recording;
    expect(call.response?.requestId).toBe(headers["x-request-id"] ?? headers["request-id"]);
    expect(call.response?.processingMs).toBe(headers["openai-processing-ms"] === undefined ? undefined : Number(headers["openai-processing-ms"]));
    expect(call.response?.status).toBe(recording.status);
    for (const [header, value] of Object.entries(headers)) {
      const match = /^(?:x-ratelimit-(limit|remaining|reset)-(.+)|anthropic-ratelimit-(.+)-(limit|remaining|reset))$/.exec(header);
      if (!match) continue;
      const what = match[1] ?? match[4];
      const limit = call.response?.rateLimits?.find((candidate) => candidate.of === (match[2] ?? match[3]));
      if (what === "reset") expect(limit?.resetRaw).toBe(value);
      else expect(limit?.[what as "limit" | "remaining"]).toBe(Number(value));
      if (what === "reset" && /^[\d.]+ms$/.test(value)) expect(limit?.resetMs).toBe(Number.parseFloat(value));
      if (what === "reset" && /^[\d.]+s$/.test(value)) expect(limit?.resetMs).toBeCloseTo(Number.parseFloat(value) * 1000, 6);
    }
  });

  test.each(foreign.map((recording) => [recording.name, recording] as const))("%s is named, not guessed", async (_, recording) => {
    const read = await readRecording(recording);
    if (!("unsupported" in read)) throw new Error(`read as ${read.format}`);
    expect(read.unsupported).toMatch(/^[a-z][a-z0-9-]+$/);
  });

  test.each(answerless.map((recording) => [recording.name, recording] as const))(
    "%s is an error, or a request without an answer",
    async (_, recording) => {
      const call = await readRecording(recording);
      if ("unsupported" in call) throw new Error(`unsupported-format: ${call.unsupported}`);
      const message = recording.body.length < 3 ? undefined : JSON.parse(recording.body).error.message;
      expect(call.error?.message).toBe(message);
    },
  );
});

/** Streams of the supported formats, as the bytes that a file holds. */
const streams = supported
  .filter(({ name, body }) => name.endsWith(".txt") || name.endsWith(".sse") || /^(event|data):/m.test(body))
  .filter(({ name }) => !name.endsWith(brokenAsRecorded))
  .map(({ name, body }) => ({ name, bytes: new TextEncoder().encode(body.trimEnd()) }));

/** `CUTAWAY_CUTS=1000` cuts every stream after each of its events and at that many bytes; by default a sample does. */
const thorough = Number(process.env.CUTAWAY_CUTS ?? 0);
const timeout = thorough > 0 ? 3_600_000 : 120_000;

const endingOf = async (bytes: Uint8Array, name: string) => {
  const [item, ...more] = await read(bytes, name).catch((error: unknown) => {
    if (error instanceof CutawayError && error.data.cutOff === true) return [];
    throw error;
  });
  if (!item) return "cut";
  if (item?.kind !== "call" || more.length > 0) return item?.kind === "unsupported" ? item.name : `${more.length + 1} items`;
  return fold(item.events).ending;
};

describe.skipIf(!root)("the same streams, cut", () => {
  test.each(streams.map((stream) => [stream.name, stream.bytes] as const))(
    "%s after every event",
    async (name, bytes) => {
      const text = new TextDecoder().decode(bytes);
      const separator = /^(event|data):/m.test(text) ? /\r?\n\r?\n/g : /\n/g;
      const ends = [...text.matchAll(separator)].map((match) => match.index + match[0].length);
      const sampled = ends.filter((_, i) => thorough > 0 || ends.length < 60 || i % Math.ceil(ends.length / 60) === 0 || i > ends.length - 8);
      const endings = new Map<string, number>();
      for (const end of sampled.filter((at) => /\S/.test(text.slice(at)))) {
        const ending = await endingOf(new TextEncoder().encode(text.slice(0, end)), name);
        if (ending !== "cut") endings.set(`${ending} at ${end}`, 1);
      }
      expect([...endings.keys()]).toEqual([]);
    },
    timeout,
  );

  test.each(streams.map((stream) => [stream.name, stream.bytes] as const))(
    "%s at random bytes",
    async (name, bytes) => {
      const random = seededRandom(bytes.length);
      const wrong: string[] = [];
      for (let i = 0; i < (thorough || Math.ceil(1000 / streams.length)); i++) {
        const at = 1 + Math.floor(random() * (bytes.length - 1));
        const ending = await endingOf(bytes.subarray(0, at), name);
        if (ending !== "cut") wrong.push(`${ending} at ${at} of ${bytes.length}`);
      }
      expect(wrong).toEqual([]);
    },
    timeout,
  );
});

function canonical(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json || "{}"));
  } catch {
    return json;
  }
}
