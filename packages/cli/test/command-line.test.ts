import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { CutawayError } from "@cutaway/core";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "../src/commands.ts";
import { exitCodes } from "../src/exit-codes.ts";
import { dollars, isoDate } from "../src/parse-option.ts";
import { buildProgram } from "../src/program.ts";
import { chatAnswer } from "./bodies.ts";
import { emptyPlace } from "./run-cutaway.ts";

const place = emptyPlace();
const { cutaway } = place;
afterAll(place.remove);

/** The help of a command, made in this process: it is the same that the binary prints. */
function helpOf(name: string): string {
  let help = "";
  const program = buildProgram(() => {});
  const command = name.split(" ").reduce((group, word) => group.commands.find((one) => one.name() === word) ?? group, program);
  command.configureOutput({ writeOut: (text) => (help += text) });
  command.outputHelp();
  return help;
}

describe("help", () => {
  it("lists every command, and every exit code with its meaning", async () => {
    const { code, stdout, stderr } = await cutaway(["--help"]);
    expect([code, stderr]).toEqual([0, ""]);
    for (const { name } of commands) expect(stdout).toMatch(new RegExp(`^  ${name.split(" ")[0]} `, "m"));
    for (const row of exitCodes) expect(stdout).toContain(`${row.code}  ${row.means}`);
  });

  it("of each command says what it does, its options and examples", async () => {
    for (const { name, options, examples } of commands) {
      const stdout = helpOf(name);
      for (const option of options) expect(stdout).toContain(option.flags);
      for (const [commandLine] of examples) expect(stdout).toContain(commandLine.replace("cutaway ", "npx cutaway "));
      expect(examples.length).toBeGreaterThan(0);
    }
  });

  it("is what no command at all shows", async () => {
    expect((await cutaway([])).stdout).toBe((await cutaway(["--help"])).stdout);
  });

  it("knows the version of the package", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
    expect((await cutaway(["--version"])).stdout).toBe(`${version}\n`);
  });
});

describe("wrong usage", () => {
  const wrong: [string[], string, string][] = [
    [["explian"], 'cutaway: unknown command "explian"\n', "Did you mean explain?"],
    [["list", "--limt", "3"], 'cutaway: unknown option "--limt"\n', "Did you mean --limit?"],
    [["explain"], "cutaway: missing required argument", "See npx cutaway explain --help."],
    [["list", "--limit", "none"], 'cutaway: --limit: "none" will not do\n', "Give a whole number, 1 to 10000."],
    [["list", "--finding", "nope"], 'cutaway: --finding: "nope" is no rule\n', "cut.output-cap"],
    [["proxy", "--openai", "ftp://x"], 'cutaway: --openai: "ftp://x" will not do\n', "Give a URL"],
    [
      ["proxy", "--openai", "https://me:secret@x"],
      "cutaway: --openai: a URL with a user name or password is not taken\n",
      "Give keys in the environment.",
    ],
    [["show", "x", "--body", "both"], 'cutaway: --body: "both" will not do\n', "Choose request or response."],
    [["tokens", "cuont"], 'cutaway: unknown command "cuont"\n', "Did you mean count?"],
    [["explain", "missing.json"], "cutaway: missing.json: no such file, and not the name of a stored call\n", "Check the path"],
    [["explain", "."], "cutaway: . is a directory\n", "Name the files in it"],
    [["show", "latest"], "cutaway: no calls are stored here yet\n", "Store one with npx cutaway explain FILE"],
    [["tokens", "count"], "cutaway: no text to count\n", "Name a file, - for standard input, or give --text."],
    [
      ["tokens", "count", "--text", "a", "--tokenizer", "x", "--model", "y"],
      "cutaway: --tokenizer and --model both choose the tokenizer\n",
      "Give one of them.",
    ],
    [["tokens", "count", "--text", "a", "--tokenizer", "nope"], 'cutaway: tokenizer "nope"', "o200k_base"],
    [["tokens", "count", "--text", "a", "--model", "no-such-model"], "cutaway: the catalog does not know the model no-such-model\n", "--tokenizer"],
    [["export", "latest"], "cutaway: export: no file is named\n", "-o"],
    [["export", "latest", "-o", "x.pdf"], "cutaway: x.pdf: the extension names no format\n", ".case.json, .html or .jsonl"],
  ];

  for (const [args, message, fix] of wrong) {
    it(`cutaway ${args.join(" ")} ends with 2, one message and what to do`, async () => {
      const { code, stdout, stderr } = await cutaway(args);
      expect([code, stdout]).toEqual([2, ""]);
      expect(stderr.startsWith(message), stderr).toBe(true);
      expect(stderr).toContain(fix);
      expect(stderr).not.toMatch(/^\s+at /m);
    });
  }

  it("is an option's value that would have no effect or another than it says", () => {
    for (const text of ["$", " ", "", "0x10", "-1", "1,5", "$.", "Infinity"]) expect(() => dollars(text), text).toThrow(CutawayError);
    expect(["0.50", "$2", ".5", "0"].map(dollars)).toEqual([0.5, 2, 0.5, 0]);
    for (const text of ["2026-02-30", "2026-13-01", "2026-02-30T10:00", "2026-02-30T10:00+02:00"])
      expect(() => isoDate("--at")(text), text).toThrow(CutawayError);
    expect(isoDate("--at")("2024-02-29T23:30-05:00").toISOString()).toBe("2024-03-01T04:30:00.000Z");
    for (const { name, options } of commands)
      for (const { flags, parse } of options)
        if (/--(model|provider) /.test(flags)) expect(() => parse?.(" "), `${name} ${flags}`).toThrow(CutawayError);
  });

  it("is JSON on standard error with --json", async () => {
    const { code, stdout, stderr } = await cutaway(["explain", "missing.json", "--json"]);
    expect(code).toBe(2);
    expect(JSON.parse(stdout)).toMatchObject({
      schema: "cutaway/explanations",
      version: 1,
      explanations: [],
      failed: [{ from: "missing.json", code: "file-not-found" }],
    });
    expect(JSON.parse(stderr)).toMatchObject({
      schema: "cutaway/error",
      version: 1,
      code: "file-not-found",
      fix: expect.stringContaining("cutaway list"),
    });
  });

  it("shows a stack only when asked", async () => {
    const { stderr } = await cutaway(["show", "latest"], { env: { CUTAWAY_DEBUG: "1" } });
    expect(stderr).toMatch(/^\s+at /m);
  });
});

describe("a CUTAWAY_DIR that cannot be", () => {
  const explain = (directory: string) => cutaway(["explain", "-"], { input: JSON.stringify(chatAnswer("Hi")), env: { CUTAWAY_DIR: directory } });

  it("is wrong usage when it is a file", async () => {
    writeFileSync(join(place.folder, "file"), "");
    const { code, stderr } = await explain("file");
    expect([code, stderr]).toEqual([2, expect.stringContaining("Set CUTAWAY_DIR to a folder")]);
  });

  it.skipIf(!existsSync("/proc/self"))("is wrong usage where nobody can make a folder, and does not run for ever", async () => {
    const { code, stderr } = await explain("/proc/no/such");
    expect([code, stderr]).toEqual([2, expect.stringContaining("/proc/no: no folder can be made there")]);
  });
});

describe("tokens", () => {
  it("counts the same text from --text, a file and standard input", async () => {
    writeFileSync(join(place.folder, "prompt.txt"), "How many tokens am I?");
    const runs = await Promise.all([
      cutaway(["tokens", "count", "--json", "--text", "How many tokens am I?"]),
      cutaway(["tokens", "count", "--json", "prompt.txt"]),
      cutaway(["tokens", "count", "--json", "-"], { input: "How many tokens am I?" }),
    ]);
    for (const { stdout } of runs) {
      expect(JSON.parse(stdout)).toEqual({
        schema: "cutaway/token-count",
        version: 1,
        tokens: 6,
        exact: true,
        tokenizer: "o200k_base",
        characters: 21,
        bytes: 21,
      });
    }
  });

  it("shows every token with id, bytes and offsets, and nothing that acts on a terminal", async () => {
    const { stdout } = await cutaway(["tokens", "show", "--text", " naïve\x1b[2J\n"]);
    expect(stdout).toContain("·naï|ve|");
    expect(stdout).toMatch(/^0 +153475 {2}·naï +0–4 {2}20 6e 61 c3 af$/m);
    expect(stdout).not.toContain("\x1b");
    const { tokens } = JSON.parse((await cutaway(["tokens", "show", "--json", "--text", " naïve"])).stdout) as { tokens: { bytes: number[] }[] };
    expect(Buffer.from(tokens.flatMap(({ bytes }) => bytes)).toString()).toBe(" naïve");
  });

  it("refuses what is not text", async () => {
    const { code, stderr } = await cutaway(["tokens", "count", "-"], { input: Uint8Array.of(0xff, 0xfe, 0x00) });
    expect(code).toBe(2);
    expect(stderr).toContain("standard input is not UTF-8 text");
  });
});

describe("colour", () => {
  const coloured = async (env: NodeJS.ProcessEnv, ...flags: string[]) =>
    (await cutaway(["tokens", "count", "--text", "a", ...flags], { env })).stdout.includes("\x1b[");
  it("is off behind a pipe, on when forced, off again by NO_COLOR and --no-color", async () => {
    expect(await coloured({})).toBe(false);
    expect(await coloured({ FORCE_COLOR: "1" })).toBe(true);
    expect(await coloured({ FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(false);
    expect(await coloured({ FORCE_COLOR: "1" }, "--no-color")).toBe(false);
  });
});

describe.skipIf(!existsSync("/dev/full"))("a full disk behind standard output", () => {
  it("is said in one line", () => {
    const bin = fileURLToPath(new URL("../bin/cutaway.js", import.meta.url));
    const { status, stderr } = spawnSync("sh", ["-c", `"${process.execPath}" "${bin}" tokens count --text a > /dev/full`], { encoding: "utf8" });
    expect([status, stderr]).toEqual([2, "cutaway: standard output could not be written: the disk is full\n"]);
  });
});

describe("a reader that has seen enough", () => {
  it("ends the command without a failure", async () => {
    const { child, output, ended } = place.start(["tokens", "show", "--json", "--text", "word ".repeat(20_000)]);
    child.stdout?.once("data", () => child.stdout?.destroy());
    const { code } = await ended;
    expect([code, output.stderr]).toEqual([0, ""]);
  });
});
