import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createAdmission } from "../../src/serving/admission.ts";
import { merge } from "../../src/serving/merge.ts";
import { eventStream } from "../../src/serving/sse.ts";
import { createToolCallReader, type ToolPart } from "../../src/serving/tool-calls.ts";
import { collect } from "./served.ts";

describe("tool calls in a text as it comes", () => {
  /** Neighbouring texts joined: how a text was cut says nothing. */
  const read = (chunks: string[]): ToolPart[] => {
    const reader = createToolCallReader();
    const parts = [...chunks.flatMap((chunk) => reader.push(chunk)), ...reader.end()];
    return parts.reduce<ToolPart[]>((joined, part) => {
      const last = joined.at(-1);
      if (last && "text" in last && "text" in part) last.text += part.text;
      else joined.push({ ...part });
      return joined;
    }, []);
  };
  const call = { name: "weather", arguments: '{"city":"Oslo"}' };

  test.each<[string, ToolPart[]]>([
    ["no call", [{ text: "no call" }]],
    ['<tool_call>\n{"name": "weather", "arguments": {"city": "Oslo"}}\n</tool_call>', [{ call }]],
    ['Wait. <tool_call>{"name":"weather","arguments":{"city":"Oslo"}}</tool_call> Done', [{ text: "Wait. " }, { call }, { text: " Done" }]],
    [
      '<tool_call>{"name":"a"}</tool_call><tool_call>{"name":"b"}</tool_call>',
      [{ call: { name: "a", arguments: "{}" } }, { call: { name: "b", arguments: "{}" } }],
    ],
    ["<tool_call>{broken</tool_call>", [{ text: "<tool_call>{broken</tool_call>" }]],
    ['<tool_call>{"arguments": {}}</tool_call>', [{ text: '<tool_call>{"arguments": {}}</tool_call>' }]],
    ['<tool_call>{"name":"weather","arguments":{"city":"Oslo"}}', [{ call }]],
    ['<tool_call>{"name":"wea', [{ text: '<tool_call>{"name":"wea' }]],
    ["a < b <tool", [{ text: "a < b <tool" }]],
  ])("%j, in one piece and cut anywhere", (text, parts) => {
    expect(read([text])).toEqual(parts);
    for (let at = 0; at <= text.length; at++) expect(read([text.slice(0, at), text.slice(at)])).toEqual(parts);
    expect(read([...text])).toEqual(parts);
  });

  test("without a call, no text is lost or changed", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("<", "tool_call", ">", "<tool_call", "</tool_call>", "a", "{}")), (chunks) => {
        const parts = read(chunks);
        expect(parts.map((part) => ("text" in part ? part.text : "")).join("")).toBe(chunks.join(""));
      }),
    );
  });

  test("text before a mark is not held back", () => {
    expect(createToolCallReader().push("hello <")).toEqual([{ text: "hello " }]);
  });
});

describe("admission", () => {
  test("as many as streams and line, and one leaving makes room for one", () => {
    const admission = createAdmission({ streams: 2, queue: 1 });
    const leave = [admission.enter(1), admission.enter(1), admission.enter(1)];
    expect(() => admission.enter(1)).toThrow(/3 calls are being answered or wait, of 3/);
    leave[0]?.();
    leave[0]?.();
    admission.enter(1);
    expect(() => admission.enter(1)).toThrow();
    expect(admission.inside).toBe(3);
  });

  test("tells how long answers take of late", () => {
    let time = 0;
    const admission = createAdmission({ streams: 1, queue: 0, now: () => time });
    for (let i = 0; i < 60; i++) {
      const leave = admission.enter(1);
      time += 7000;
      leave();
    }
    admission.enter(1);
    expect(() => admission.enter(1)).toThrow(expect.objectContaining({ data: { retryAfter: 7 } }));
  });
});

describe("merged sources", () => {
  const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  test("all items, each source's in order, as they come", async () => {
    async function* source(name: string, ms: number) {
      for (let i = 0; i < 3; i++) {
        await after(ms);
        yield `${name}${i}`;
      }
    }
    const items = await collect(merge([source("slow", 30), source("fast", 2)]));
    expect(items.slice(0, 3)).toEqual([
      [1, "fast0"],
      [1, "fast1"],
      [1, "fast2"],
    ]);
    expect(items.slice(3)).toEqual([
      [0, "slow0"],
      [0, "slow1"],
      [0, "slow2"],
    ]);
  });

  test("no source runs ahead of the reader; all end where the reader leaves or one fails", async () => {
    let made = 0;
    const ended: string[] = [];
    async function* source(name: string) {
      try {
        for (;;) {
          made++;
          yield name;
        }
      } finally {
        ended.push(name);
      }
    }
    async function* failing() {
      yield "first";
      await after(20);
      throw new Error("broken");
    }
    for await (const _ of merge([source("a"), source("b")])) {
      await after(10);
      if (made > 4) break;
      expect(made).toBeLessThanOrEqual(6);
    }
    await after(1);
    expect(ended.toSorted()).toEqual(["a", "b"]);
    const rest = merge([failing(), source("c")]);
    await expect(
      (async () => {
        for await (const _ of rest) await after(1);
      })(),
    ).rejects.toThrow("broken");
    await after(1);
    expect(ended).toContain("c");
  });
});

describe("a stream of events", () => {
  const texts = async (stream: ReadableStream<Uint8Array>) => (await collect(stream)).map((part) => new TextDecoder().decode(part)).join("");
  const ends = () => ({ calls: [] as string[] });
  const hooks = ({ calls }: { calls: string[] }) => ({
    ended: () => void calls.push("ended"),
    cancel: () => void calls.push("cancel"),
    failure: (error: unknown) => ({ error: String(error) }),
  });

  test("ends with [DONE], also after an error in the middle", async () => {
    const seen = ends();
    async function* events() {
      yield { a: 1 };
      throw new Error("broken");
    }
    expect(await texts(eventStream(events(), hooks(seen)))).toBe('data: {"a":1}\n\ndata: {"error":"Error: broken"}\n\ndata: [DONE]\n\n');
    expect(seen.calls).toEqual(["ended"]);
  });

  test("makes nothing before it is read, and is given up when nobody reads for too long", async () => {
    const seen = ends();
    let made = 0;
    async function* events() {
      for (;;) yield { made: ++made };
    }
    const reader = eventStream(events(), hooks(seen), 40).getReader();
    await new Promise((resolve) => setTimeout(resolve, 60));
    expect(made).toBe(0);
    await reader.read();
    expect(made).toBe(1);
    await expect.poll(() => seen.calls).toEqual(["cancel", "ended"]);
    await expect(reader.read()).rejects.toThrow("stalled");
    expect(made).toBe(1);
  });

  test("ends once where the reader leaves, even before the first event", async () => {
    const seen = ends();
    async function* events() {
      yield {};
    }
    await eventStream(events(), hooks(seen)).cancel();
    expect(seen.calls).toEqual(["cancel", "ended"]);
  });
});
