import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));

function run(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync(process.execPath, ["--conditions=@cutaway/source", "examples/legal/train.ts", ...args], {
    cwd: root,
    encoding: "utf8",
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

test("examples/README.md shows what the legal example prints", () => {
  const page = readFileSync(join(root, "examples/README.md"), "utf8");
  const shown = /examples\/legal\/train\.ts\n([\s\S]*?)```/.exec(page)?.[1];
  expect(run()).toBe(shown);
});

test("citations that were not trained on take fewer tokens, and other text more", async () => {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-legal-"));
  try {
    const citations = join(folder, "citations.txt");
    const file = join(folder, "legal.json");
    writeFileSync(citations, "42 U.S.C. § 1983\n18 U.S.C. § 2339\n");
    const { rows, saved } = JSON.parse(run("--json", "--citations", citations, "--out", file));
    const [general, , , , whole] = rows;
    expect(general.tokenizer).toBe("o200k_base");
    expect(saved["series seen, numbers new"]).toBeGreaterThan(0.5);
    expect(saved["series never seen"]).toBeGreaterThan(0);
    expect(whole.tokensPerCitation["your citations"]).toBeLessThan(general.tokensPerCitation["your citations"] / 2);
    expect(whole.ordinaryBytesPerToken).toBeLessThan(general.ordinaryBytesPerToken);
    const tokenizer = await loadTokenizer(file);
    expect(tokenizer.count(" U.S.C. §")).toBe(1);
    expect(tokenizer.count(" 42 U.S.C. § 1983")).toBe(3);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
