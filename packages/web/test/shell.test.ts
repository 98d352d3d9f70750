import { execFileSync } from "node:child_process";
import type { Request } from "@cutaway/core";
import fc from "fast-check";
import { expect, test } from "vitest";
import { curlOf, replayCommand, shellQuote, wireName } from "../src/format/shell.ts";

test("a quoted text reaches a program unchanged", () => {
  const texts = fc.sample(
    fc.string({ unit: "grapheme" }).filter((text) => !text.includes("\0")),
    40,
  );
  const sent = [...texts, 'it\'s $HOME `id` "x" \\ \n end', "-n", ""];
  const script = sent.map((text) => `printf '%s\\0' ${shellQuote(text)}`).join("\n");
  const got = execFileSync("sh", ["-c", script], { encoding: "utf8" }).split("\0").slice(0, -1);
  expect(got).toEqual(sent.map((text) => text.toWellFormed()));
});

const request: Request = {
  format: "openai-chat",
  model: "gpt-4o",
  messages: [],
  tools: [],
  parameters: {},
  notUnderstood: [],
  body: { model: "gpt-4o", messages: [{ role: "user", content: "it's" }], stream: true, user: null },
  url: "http://127.0.0.1:8000/v1/chat/completions",
};

test("cURL sends the body as recorded and takes the key from the shell", () => {
  expect(curlOf(request)).toBe(
    [
      "curl http://127.0.0.1:8000/v1/chat/completions",
      "-H 'content-type: application/json'",
      '-H "authorization: Bearer $OPENAI_API_KEY"',
      "--no-buffer",
      `--data-raw '{"model":"gpt-4o","messages":[{"role":"user","content":"it'\\''s"}],"stream":true,"user":null}'`,
    ].join(" \\\n  "),
  );
  const { body: _, ...unknown } = request;
  expect(curlOf(unknown)).toBeUndefined();
});

test("Anthropic has its own key, version and beta headers", () => {
  const { url: _, ...rest } = request;
  const curl = curlOf({ ...rest, format: "anthropic-messages", headers: { "anthropic-version": "2023-06-01", "anthropic-beta": "a,b" } });
  expect(curl).toContain("curl https://api.anthropic.com/v1/messages");
  expect(curl).toContain('-H "x-api-key: $ANTHROPIC_API_KEY"');
  expect(curl).toContain("-H 'anthropic-beta: a,b'");
  expect(curl).not.toContain("OPENAI");
});

test("a replay's command spells parameters as the command line does", () => {
  expect(replayCommand("01ABC", { maxOutputTokens: 300, topP: 0.5, stop: ["\n"], seed: null })).toBe(
    `npx cutaway replay 01ABC --set max_tokens=300 --set top_p=0.5 --set 'stop=["\\n"]' --set seed=`,
  );
  expect(wireName("promptCacheKey")).toBe("prompt_cache_key");
});
