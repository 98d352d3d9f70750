import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tinyLlama } from "@cutaway/runtime/testing";
import { afterAll, expect, test } from "vitest";
import { citations } from "../examples/legal/answer-schema.ts";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = mkdtempSync(join(tmpdir(), "cutaway-answer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=@cutaway/source", "examples/legal/answer.ts", ...args], {
    cwd: root,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

test("a model that knows nothing answers in the schema, every time; without the grammar it never does", { timeout: 300_000 }, () => {
  const model = join(folder, "tiny.gguf");
  const resume = join(folder, "answers.jsonl");
  writeFileSync(model, tinyLlama({ seed: 3, endless: true, trainedContext: 2048 }));
  const args = [
    "--model",
    model,
    "--threads",
    "1",
    "--max-tokens",
    "900",
    "--answers",
    "6",
    "--depths",
    "1,3",
    "--depth-answers",
    "2",
    "--resume",
    resume,
  ];
  const found = JSON.parse(run(...args, "--json"));
  expect(found.held).toEqual({ answers: 6, valid: 6, cut: 0 });
  expect(found.free).toMatchObject({ answers: 6, valid: 0 });
  expect(
    found.depths.map(({ depth, held, free }: { depth: number; held: { valid: number }; free: { valid: number } }) => [depth, held.valid, free.valid]),
  ).toEqual([
    [1, 2, 0],
    [3, 2, 0],
  ]);
  expect(found.citations.different).toBeGreaterThanOrEqual(6);
  expect(found.citations.domain).toBeLessThan(found.citations.own);
  expect(found.distortion.natsLost).toBeGreaterThan(10);
  expect(JSON.parse(found.example).citations[0].cite).toMatch(/§|\d (U\.S\.|F\.)/);
  // What was answered is not asked again.
  expect(existsSync(resume)).toBe(true);
  const printed = run(...args);
  expect(printed).toContain("with the grammar     6 of 6 valid");
});

test("citations are found whole, and nothing that is longer", () => {
  expect(citations("See 42 U.S.C. § 1983, 410 U.S. 113 and 5 F.3d 1.")).toEqual(["42 U.S.C. § 1983", "410 U.S. 113", "5 F.3d 1"]);
  expect(citations("142 U.S.C. § 1983 and 42 U.S.C. § 19835")).toEqual([]);
});

test("examples/README.md shows the figures that the example prints", () => {
  const page = readFileSync(join(root, "examples/README.md"), "utf8");
  const shown = /examples\/legal\/answer\.ts\n([\s\S]*?)```/.exec(page)?.[1] ?? "";
  const valid = /with the grammar +(\d+) of (\d+) valid/.exec(shown);
  expect(valid?.slice(1)).toEqual(["200", "200"]);
});
