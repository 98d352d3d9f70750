import { readdirSync, readFileSync } from "node:fs";
import { testData } from "@cutaway/core/testing";
import { codecs, readInput, wireFormatOf } from "@cutaway/provider";
import { describe, expect, test } from "vitest";
import { fold } from "./support.ts";

const root = testData("traces/llm-wire");

/** Every recording of real traffic that is at hand; the fields are checked against the raw bodies elsewhere. */
describe.skipIf(root === undefined)("recorded traffic", () => {
  const files =
    root === undefined
      ? []
      : readdirSync(root, { recursive: true, withFileTypes: true })
          .filter((entry) => entry.isFile() && entry.name !== "LICENSE")
          .map((entry) => `${entry.parentPath}/${entry.name}`);

  test("every file is calls or named formats", () => {
    const counts = new Map<string, number>();
    const cut: string[] = [];
    for (const file of files) {
      for (const item of readInput(readFileSync(file), file)) {
        const call = item.kind === "call" ? fold(item.events) : undefined;
        const key = item.kind === "unsupported" ? item.name : (call?.format ?? "error only");
        counts.set(key, (counts.get(key) ?? 0) + 1);
        if (call?.ending === "cut") cut.push(file.slice(root?.length));
      }
    }
    expect(Object.fromEntries([...counts].sort())).toEqual({
      "anthropic-complete": 1,
      "anthropic-messages": 45,
      "bedrock-agent": 8,
      "bedrock-converse": 21,
      "bedrock-guardrail": 1,
      "bedrock-invoke": 1,
      "bedrock-invoke-stream": 2,
      "bedrock-retrieve": 1,
      "bedrock-retrieve-and-generate": 3,
      "cohere-chat": 6,
      "cohere-rerank": 1,
      "error only": 3,
      "gemini-cached-content": 1,
      "gemini-generate-content": 31,
      "gemini-interactions": 19,
      "ollama-chat": 5,
      "openai-chat": 105,
      "openai-completions": 3,
      "openai-responses": 76,
    });
    // Three answers were recorded empty; the last event of one stream is not valid JSON as stored.
    expect(cut.sort()).toEqual([
      "/openinference/beeai/test_agent.json",
      "/openinference/beeai/test_instrumentor.json",
      "/openinference/beeai/test_llm_with_tools.json",
      "/vercel-ai/openai/responses/parallel-tool-call-wrapper.1.chunks.txt",
    ]);
  });

  test("every finish of a whole answer is understood", () => {
    for (const file of files) {
      for (const item of readInput(readFileSync(file), file)) {
        if (item.kind !== "call") continue;
        const call = fold(item.events);
        if (call.ending !== "complete" || call.error) continue;
        for (const answer of call.answers) if (answer.finish.reason === "unknown") expect.fail(`${file}: ${JSON.stringify(answer.finish)}`);
      }
    }
  });

  test("every request goes back as it came", () => {
    let requests = 0;
    for (const file of files) {
      for (const item of readInput(readFileSync(file), file)) {
        if (item.kind !== "call") continue;
        const { request } = fold(item.events);
        if (!request) continue;
        requests++;
        expect(codecs[wireFormatOf(request)].encodeRequest(request)).toEqual(request.body);
      }
    }
    expect(requests).toBeGreaterThan(80);
  });
});
