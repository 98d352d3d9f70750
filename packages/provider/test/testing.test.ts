import type { WireFormat } from "@cutaway/core";
import { codecs } from "@cutaway/provider";
import { callBody, inPieces, startReplayServer } from "@cutaway/provider/testing";
import { expect, test } from "vitest";
import { callIn } from "./support.ts";

const formats = Object.keys(codecs) as WireFormat[];

test.each(formats.flatMap((format) => [false, true].map((stream) => [format, stream] as const)))(
  "a constructed %s answer, streamed %s, is a call",
  (format, stream) => {
    expect(callIn(callBody({ format }, { stream }))).toMatchObject({
      format,
      ending: "complete",
      model: { served: "test-model" },
      answers: [{ text: "Hello.", finish: { reason: "stop" } }],
      notices: [],
    });
  },
);

test.each(formats)("a constructed %s error", (format) => {
  expect(callIn(callBody({ format, error: { kind: "overloaded", message: "m", type: "overloaded_error" } }, { stream: false }))).toMatchObject({
    answers: [],
    error: { kind: "overloaded", message: "m" },
  });
});

test("the replay server writes the pieces it is given, and cuts where it is told to", async () => {
  const body = callBody({ format: "openai-chat" }, { stream: true });
  const server = await startReplayServer((request) => ({
    status: 201,
    headers: { "x-a": "b" },
    chunks: inPieces(body, 7),
    ...(request.url === "/cut" && { cutAfter: 50 }),
  }));
  try {
    const whole = await fetch(`${server.url}/whole`, { method: "POST", body: "x" });
    expect([whole.status, whole.headers.get("x-a")]).toEqual([201, "b"]);
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(body);
    const cut = await fetch(`${server.url}/cut`);
    let bytes = 0;
    await expect(
      (async () => {
        for await (const piece of cut.body ?? []) bytes += piece.length;
      })(),
    ).rejects.toThrow("terminated");
    expect(bytes).toBe(50);
    expect(server.requests.map((request) => [request.method, request.url, new TextDecoder().decode(request.body)])).toEqual([
      ["POST", "/whole", "x"],
      ["GET", "/cut", ""],
    ]);
  } finally {
    await server.close();
  }
});
