import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = fileURLToPath(new URL("..", import.meta.url));
const read = (path: string) => readFileSync(join(root, path), "utf8");

interface Shown {
  command: string;
  output: string;
}

/** The console blocks of a page, a command each; `…` at the end of an output stands for what comes after. */
const shownIn = (page: string): Shown[] =>
  [...page.matchAll(/```console\n\$ (?:npx )?(?<command>.+)\n(?<output>[\s\S]*?)```/g)].map(({ groups }) => groups as unknown as Shown);

function run(commandLine: string): string {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", `exec ${commandLine}`], {
    cwd: root,
    encoding: "utf8",
    maxBuffer: 1 << 26,
    env: { ...process.env, PATH: `${join(root, "node_modules/.bin")}:${process.env.PATH}`, COLUMNS: "80", NO_COLOR: "1" },
  });
  expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
  return stdout;
}

const commands = shownIn(read("examples/README.md")).filter(({ command }) => command.includes("examples/tokenizers/"));

describe("examples/README.md", () => {
  test("has the three commands about tokenizers", () => {
    expect(commands.map(({ command }) => command.split(" ").slice(0, 3).join(" "))).toEqual([
      "cutaway tokens audit",
      "cutaway tokens compare",
      "node --conditions=@cutaway/source examples/tokenizers/log-failures.ts",
    ]);
  });

  test.each(commands)("$command prints what it shows, up to the ellipsis", ({ command, output }) => {
    const shown = output.replace(/…\n$/, "");
    expect(shown.length).toBeGreaterThan(0);
    expect(run(command).slice(0, shown.length)).toBe(shown);
  });
});

describe("docs/tokenizer-reports.md", () => {
  const page = read("docs/tokenizer-reports.md");

  test.each(shownIn(page))("$command prints what it shows, up to the ellipsis", ({ command, output }) => {
    const shown = output.replace(/…\n$/, "");
    expect(run(command).slice(0, shown.length)).toBe(shown);
  });

  test("the program in it prints what the page says", () => {
    const [, program = "", printed = ""] = /```ts\n([\s\S]*?)```\n\nprints\n\n```text\n([\s\S]*?)```/.exec(page) ?? [];
    const { stdout, stderr } = spawnSync(process.execPath, ["--conditions=@cutaway/source", "--input-type=module-typescript", "--eval", program], {
      cwd: join(root, "packages/cli"),
      encoding: "utf8",
    });
    expect(stderr).toBe("");
    expect(stdout).toBe(printed);
    expect(printed).not.toBe("");
  });
});

describe("the audit of 50 terms", () => {
  const audit = JSON.parse(run("cutaway tokens audit examples/tokenizers/terms.csv --tokenizer gpt2 --json"));

  test("answers what such an audit asks", () => {
    expect(audit).toMatchObject({ schema: "cutaway/tokens-audit", version: 1, tokenizer: "gpt2", summary: { terms: 50, unknown: { rate: 0 } } });
    expect(audit.summary.alone.mean).toBe(audit.terms.reduce((sum: number, { alone }: { alone: { tokens: number } }) => sum + alone.tokens, 0) / 50);
    expect(audit.verdict.do).toBe("add-tokens");
  });
});

describe("the comparison of three tokenizers", () => {
  const { command = "" } = commands[1] ?? {};
  const comparison = JSON.parse(run(`${command} --json`));

  test("counts 100 queries with two baselines and prices a query and a month", () => {
    expect(comparison).toMatchObject({ schema: "cutaway/tokens-compare", version: 1, queries: 100, cheapest: { shown: "gpt-4o-mini" } });
    expect(comparison.tokenizers.map(({ name, baseline }: { name: string; baseline: boolean }) => [name, baseline])).toEqual([
      ["gpt-4o-mini", false],
      ["gpt-4-turbo", false],
      ["gpt2", false],
      ["bytes", true],
      ["characters", true],
    ]);
    for (const { name, tokens, cost } of comparison.tokenizers.slice(0, 2)) {
      const perMillion = name === "gpt-4o-mini" ? 0.15 : 10;
      expect(cost.perQuery.mean).toBeCloseTo((tokens.mean * perMillion) / 1e6, 15);
      expect(cost.perMonth).toBeCloseTo(cost.perQuery.mean * 200_000, 9);
    }
  });

  test("bytes and characters are counted by their baselines", () => {
    const [bytes, characters] = comparison.tokenizers.slice(3);
    expect(bytes.tokens.total).toBe(comparison.bytes);
    expect(characters.tokens.total).toBe(comparison.characters);
  });
});

describe("the log of failing inputs", () => {
  const rows = run("node --conditions=@cutaway/source examples/tokenizers/log-failures.ts --json")
    .trimEnd()
    .split("\n")
    .map((row) => JSON.parse(row));

  const seeded: Record<string, string[]> = {
    "Split product code": ["split-term"],
    "Trailing space": ["trailing-space"],
    "Doubled BOS": ["doubled-bos"],
    Mojibake: ["mojibake"],
    "Glitch token": ["glitch-token"],
    "Thai under an old vocabulary": ["split-sign", "dear-script"],
    "Cost of Chinese": ["dear-script"],
    "Emoji of several people": ["split-sign"],
    "Number splitting": ["split-number"],
    "Half an emoji": ["half-character"],
    "Special token in a message": ["special-token"],
    "Decomposed accents": ["decomposed"],
    "Invisible character in a code": ["invisible", "glitch-token"],
    "Letters of another script": ["look-alike", "look-alike"],
    "Another model's tokenizer": ["wrong-tokenizer"],
    "Case and accents dropped": ["normalised"],
    "Unknown token": ["unknown-token"],
  };

  test("finds every cause that was put in, and no other", () => {
    expect(Object.fromEntries(rows.map(({ name, causes }) => [name, causes.map(({ cause }: { cause: string }) => cause)]))).toEqual(seeded);
  });

  test("finds nothing in what was mended", () => {
    expect(rows.filter(({ mended }) => mended.causes.length > 0)).toEqual([]);
  });

  test("logs input, ids and what they decode to", () => {
    for (const { text, ids, decoded, failure } of rows) {
      expect([typeof text, typeof decoded, typeof failure]).toEqual(["string", "string", "string"]);
      expect(ids.length).toBeGreaterThan(1);
    }
  });
});
