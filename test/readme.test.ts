import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const readme = readFileSync(join(root, "README.md"), "utf8");
const examples = [...readme.matchAll(/```console\n\$ npx (?<command>.+)\n(?<output>[\s\S]*?)```/g)].map(
  ({ groups }) => groups as { command: string; output: string },
);

describe("README.md", () => {
  test("has an example on its first screen", () => {
    expect(examples).toHaveLength(1);
    expect(readme.slice(0, readme.indexOf("```text\n$ npm ci && npm start\n")).split("\n").length).toBeLessThan(10);
  });

  test.each(examples)("$command prints what it shows, up to the ellipsis", ({ command, output }) => {
    const store = mkdtempSync(join(tmpdir(), "cutaway-readme-"));
    try {
      const shown = output.replace(/\n…\n$/, "\n");
      const ran = spawnSync("bash", ["-c", `exec ${command} --no-store`], {
        cwd: root,
        encoding: "utf8",
        env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`, COLUMNS: "80", CUTAWAY_DIR: store },
      });
      expect(ran.status).toBe(0);
      expect(ran.stdout.slice(0, shown.length)).toBe(shown);
    } finally {
      rmSync(store, { recursive: true, force: true });
    }
  });

  test("links to pages that exist", () => {
    const links = [...readme.matchAll(/\]\((?!http)([^)#]+)/g)].map(([, link]) => link as string);
    expect(links.length).toBeGreaterThan(8);
    for (const link of links) expect(spawnSync("test", ["-e", join(root, link)]).status, link).toBe(0);
  });
});
