import { globSync, readFileSync } from "node:fs";
import { type CallId, foldCall, type RuleId } from "@cutaway/core";
import { testData } from "@cutaway/core/testing";
import { catalog } from "@cutaway/plan";
import { readInput } from "@cutaway/provider";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { describe, expect, test } from "vitest";
import { explain } from "../src/index.ts";
import { holds } from "./holds.ts";

const folder = testData("traces/llm-wire");

/** What is wrong with the recordings that something is wrong with, found by reading them; all others are healthy. */
const seeded: Record<string, RuleId[]> = {
  "openinference/beeai/test_agent.json": ["cut.no-terminal"],
  "openinference/beeai/test_instrumentor.json": ["cut.output-cap", "cut.no-terminal"],
  "openinference/beeai/test_llm_with_tools.json": ["cut.no-terminal"],
  "openinference/dspy/TestLM.test_exception_event_recorded_on_lm_error.json": ["error.authentication"],
  "openinference/openai/TestInputValueImageHiding.test_input_value_hides_regular_url_images.json": ["error.request"],
  "vercel-ai/anthropic/anthropic-refusal.chunks.txt": ["refusal.refused"],
  "vercel-ai/anthropic/anthropic-refusal.json": ["refusal.refused"],
  "vercel-ai/deepseek/chat/deepseek-text.chunks.txt": ["cut.output-cap"],
  "vercel-ai/deepseek/chat/deepseek-text.json": ["cut.output-cap"],
  "vercel-ai/openai/chat/reasoning-model-legacy-parameter-error.json": ["error.unsupported-parameter"],
  "vercel-ai/openai/responses/openai-error.1.chunks.txt": ["limit.quota", "error.in-stream"],
  "vercel-ai/openai/responses/openai-error.1.json": ["limit.quota"],
  // Its last line, the terminal event, is not valid JSON as stored.
  "vercel-ai/openai/responses/parallel-tool-call-wrapper.1.chunks.txt": ["cut.no-terminal"],
  "vercel-ai/openai/responses/reasoning-model-temperature-error.json": ["error.unsupported-parameter"],
};

describe.skipIf(folder === undefined)("recorded wire traffic", () => {
  test("every cause is found, and nothing graver than a note on the healthy calls", async () => {
    const found: Record<string, string[]> = {};
    for (const file of globSync("**/*.{json,txt,sse}", { cwd: folder })) {
      for await (const item of readInput(readFileSync(`${folder}/${file}`), file)) {
        if (item.kind !== "call") continue;
        const call = foldCall(item.events, { id: "01K0000000000000000000WIRE" as CallId, origin: { kind: "file", from: item.from } });
        const { findings } = await explain(call, { catalog, loadTokenizer });
        for (const finding of findings) holds(call, finding);
        const grave = findings.filter(({ severity }) => severity !== "note").map(({ rule }) => rule);
        if (grave.length > 0) found[file.replaceAll("\\", "/")] = [...(found[file] ?? []), ...grave];
      }
    }
    expect(found).toEqual(seeded);
  });
});
