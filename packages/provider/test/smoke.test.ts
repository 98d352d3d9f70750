import { foldCall, newCallId } from "@cutaway/core";
import { readInput } from "@cutaway/provider";
import { expect, test } from "vitest";

const read = (text: string) => [...readInput(new TextEncoder().encode(text), "input")];

test("an event stream of a chat completion folds to a call", () => {
  const chunks = [
    {
      id: "c1",
      object: "chat.completion.chunk",
      model: "m",
      choices: [{ index: 0, delta: { role: "assistant", content: "He" }, finish_reason: null }],
    },
    { id: "c1", object: "chat.completion.chunk", model: "m", choices: [{ index: 0, delta: { content: "y" }, finish_reason: "stop" }] },
  ];
  const sse = `${chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join("")}data: [DONE]\n\n`;
  const [item] = read(sse);
  if (item?.kind !== "call") throw new Error("no call");
  const call = foldCall(item.events, { id: newCallId(), origin: { kind: "file" } });
  expect(call).toMatchObject({ format: "openai-chat", ending: "complete", answers: [{ text: "Hey", finish: { reason: "stop", raw: "stop" } }] });
});
