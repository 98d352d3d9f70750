import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { rules } from "@cutaway/diagnose";
import { expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const ids = rules.map(({ id }) => id).sort();
const sections = ["## What it looks at", "## The fix", "## How it was tested", "## When it is wrong"];

test("every rule has a page, a file and a test of its own name, and every page a rule", () => {
  const pages = globSync("docs/rules/*.md", { cwd: root }).map((file) => file.slice("docs/rules/".length, -".md".length));
  expect(pages.sort()).toEqual(ids);
  const files = globSync("packages/diagnose/src/rules/*.ts", { cwd: root }).map((file) =>
    file.slice("packages/diagnose/src/rules/".length, -".ts".length),
  );
  expect(files.filter((file) => file !== "index").sort()).toEqual(ids.map((id) => id.replace(".", "-")).sort());
  const tested = globSync("packages/diagnose/test/rules/*.test.ts", { cwd: root }).map((file) => readFileSync(root + file, "utf8"));
  expect(ids.filter((id) => !tested.some((source) => source.includes(`"${id}"`)))).toEqual([]);
});

test("every page opens with the rule's title and says what it looks at, the fix with a command, how it was tested and when it is wrong", () => {
  for (const { id, title } of rules) {
    const page = readFileSync(`${root}docs/rules/${id}.md`, "utf8");
    expect(page).toContain(`# ${id}\n\n**${title}.**\n`);
    expect(sections.filter((section) => !page.includes(`${section}\n\n`))).toEqual([]);
    expect(page).toMatch(/```\nnpx cutaway \w/);
    const links = Array.from(page.matchAll(/\]\(([^)]+)\)/g), ([, link]) => link as string);
    expect(links.filter((link) => globSync(fileURLToPath(new URL(link, `file://${root}docs/rules/`))).length === 0)).toEqual([]);
  }
});

test("the table of findings has one line for each rule, in step with its title", () => {
  const table = readFileSync(`${root}docs/findings.md`, "utf8");
  const rows = Array.from(table.matchAll(/^\| \[`([a-z.-]+)`\]\(rules\/\1\.md\) +\| (.+?) +\|$/gm), ([, id, title]) => [id, title]);
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(rules.map(({ id, title }) => [id, title])));
  expect(rows).toHaveLength(rules.length);
});
