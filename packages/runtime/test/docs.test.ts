import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, expect, test } from "vitest";
import { tinyLlamaFile } from "../src/testing.ts";

const file = tinyLlamaFile();
afterAll(() => file.remove());

test("the example in docs/local-models.md runs, here with a tiny model", () => {
  const page = readFileSync(new URL("../../../docs/local-models.md", import.meta.url), "utf8");
  const example = page.match(/```ts\n([\s\S]*?)```/)?.[1] ?? "";
  const withTiny = example.replace(/await findModel\(.*?\)/, JSON.stringify(file.path));
  expect(withTiny).not.toBe(example);
  const program = `${withTiny}\nconsole.log(JSON.stringify({ ending: call.ending, seed: call.local?.sampler.seed, steps: call.answers[0]?.steps?.length === call.usage.outputTokens }));`;
  const printed = execFileSync(process.execPath, ["--conditions=@cutaway/source", "--input-type=module-typescript", "--eval", program], {
    cwd: fileURLToPath(new URL("..", import.meta.url)),
    encoding: "utf8",
  });
  expect(JSON.parse(printed)).toEqual({ ending: "complete", seed: 1, steps: true });
});
