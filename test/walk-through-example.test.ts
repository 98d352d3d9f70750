import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { findModel } from "@cutaway/runtime/models";
import { tinyLlamaFile } from "@cutaway/runtime/testing";
import { afterAll, describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const tiny = tinyLlamaFile();
afterAll(() => tiny.remove());
const realModel = await findModel("smollm2-135m-instruct").then(
  ({ path }) => path,
  () => undefined,
);

function walkThrough(model: string): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=@cutaway/source", "examples/inside/walk-through.ts"], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, CUTAWAY_EXAMPLE_MODEL: model },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

describe("examples/inside/walk-through.ts", () => {
  test("prints every stage, of any model", () => {
    const printed = walkThrough(tiny.path);
    expect(printed.match(/^\d \w+/gm)).toEqual(["1 tokenise", "2 embed", "3 layers", "4 logits", "5 sample"]);
    expect(printed.match(/^ {12} [01] +\d+\.\d +\d+\.\d +\d+\.\d {2}"/gm)).toHaveLength(2);
  });

  test.skipIf(realModel === undefined)("comes to Paris on the real model", { timeout: 120_000 }, () => {
    const printed = walkThrough(realModel as string);
    expect(printed).toContain(
      '    504  "The"\n              3575  " capital"\n               282  " of"\n              4649  " France"\n               314  " is"\n',
    );
    expect(printed).toContain("2 embed     [5 tokens, 576 numbers]");
    expect(printed.match(/^ {12}29 .*" Paris" 77\.\d %$/m)).not.toBeNull();
    expect(printed).toMatch(/4 logits {4}\[49152\]\n +17\.\d+ +77\.\d % {2}" Paris"\n/);
    expect(printed).toContain("The capital of France is Paris");
  });
});
