import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { commands } from "../src/commands.ts";
import { exitCodes } from "../src/exit-codes.ts";
import { executed } from "./executed-page.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const page = join(root, "docs/cli.md");
const written = readFileSync(page, "utf8");

describe("docs/cli.md", () => {
  it("shows what the commands in it print", async () => {
    await expect(executed(written)).toMatchFileSnapshot(page);
  }, 300_000);

  it("has a section, the help and an example of every command", () => {
    for (const { name } of commands) {
      expect(written).toContain(`\n## ${name}\n`);
      expect(written).toContain(`$ cutaway ${name} --help\nUsage: npx cutaway ${name} `);
    }
  });

  it("has every exit code with its meaning", () => {
    for (const { code, means } of exitCodes) expect(written).toMatch(new RegExp(`^\\| ${code} +\\| ${means.replace(/[().]/g, "\\$&")} +\\|$`, "m"));
  });
});

describe("docs/tokens-explained.md", () => {
  const explained = join(root, "docs/tokens-explained.md");

  it("shows what the commands in it print", async () => {
    await expect(executed(readFileSync(explained, "utf8"))).toMatchFileSnapshot(explained);
  }, 120_000);
});
