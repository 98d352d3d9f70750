import { describe, expect, test } from "vitest";
import { localRequest, openLocalModel } from "../src/index.ts";
import { modelFolder } from "./model-folder.ts";
import { collect, fold } from "./scripted.ts";

describe.each(["t5", "gpt2", "qwen3"])("a %s in its thread", (name) => {
  test("is held to a pattern and to a schema, whatever its weights want", { timeout: 60_000 }, async () => {
    const folder = modelFolder(name);
    const model = await openLocalModel(folder.path, { threads: 1 });
    try {
      const ask = async (more: Parameters<typeof localRequest>[0]["local"], parameters: object = {}) =>
        fold(
          await collect(
            model.call(
              localRequest({
                model: name,
                messages: [],
                parameters: { temperature: 0, maxOutputTokens: 20, ...parameters },
                local: { tokens: [3, 4, 5], ...more },
              }),
            ),
          ),
        );
      const held = await ask({ constraint: { regex: "[ab]{1,3}" } });
      expect(held.error).toBeUndefined();
      expect(held.answers[0]?.text).toMatch(/^[ab]{1,3}$/);
      expect(held.answers[0]?.held).toMatchObject({ complete: true });
      expect(held.answers[0]?.steps?.[0]?.stages?.[0]).toMatchObject({ stage: "grammar" });
      const several = await ask({ constraint: { choice: ["a", "b"] } }, { temperature: 1, seed: 1, n: 4 });
      for (const { text } of several.answers) expect(["a", "b"]).toContain(text);
    } finally {
      await model.close();
      folder.remove();
    }
  });
});
