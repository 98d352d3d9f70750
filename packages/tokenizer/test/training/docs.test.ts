import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

test("the example in docs/tokenizer-training.md prints what the page says", () => {
  const page = readFileSync(new URL("../../../../docs/tokenizer-training.md", import.meta.url), "utf8");
  const block = (language: string) => page.match(new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``))?.[1] ?? "";
  const printed = execFileSync(process.execPath, ["--conditions=@cutaway/source", "--input-type=module-typescript", "--eval", block("ts")], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    encoding: "utf8",
  });
  expect(printed).toBe(block("text"));
});
