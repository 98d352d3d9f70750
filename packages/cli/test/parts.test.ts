import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Call, CutawayError, type Finding, type Parameters } from "@cutaway/core";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { ensureDataDirectory, findDataDirectory } from "../src/data-directory.ts";
import { exitCodeOf, exitCodes } from "../src/exit-codes.ts";
import { createFailOn } from "../src/fail-on.ts";
import { setArguments } from "../src/render/set-arguments.ts";
import { valueAt } from "../src/render/text-at.ts";
import { baseUrlFor } from "../src/replay/base-url.ts";
import { parseSet, withChanges } from "../src/replay/parse-set.ts";
import { explainSystemError } from "../src/system-error.ts";
import { typed } from "../src/typed-command.ts";
import { writeFileAtomically } from "../src/write-file.ts";
import { capFinding, cutCall, request, spaceFinding } from "./constructed.ts";

const folder = mkdtempSync(join(tmpdir(), "cutaway-parts-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a command that is printed", () => {
  it("is as it can be typed, in a clone and where the package is installed", () => {
    expect(typed("`cutaway list` shows the ids.")).toBe("`npx cutaway list` shows the ids.");
    expect(typed("See cutaway --help, or pbpaste | cutaway explain -.")).toBe("See npx cutaway --help, or pbpaste | npx cutaway explain -.");
    expect(typed("Wait for the other cutaway command to end.")).toBe("Wait for the other cutaway command to end.");
    expect(typed("cutaway list", "cutaway")).toBe("cutaway list");
  });
});

describe("--set", () => {
  it("takes the field's spellings and ours, and the types that fit", () => {
    expect(parseSet(["max_tokens=800", "temperature=0", 'stop=["\\n\\n","END"]', "stream=false", "seed=", "user=42"]).parameters).toEqual({
      maxOutputTokens: 800,
      temperature: 0,
      stop: ["\n\n", "END"],
      stream: false,
      seed: undefined,
      user: "42",
    });
    expect(parseSet(["max_completion_tokens=1", "topP=0.5", "stop=END"]).parameters).toEqual({ maxOutputTokens: 1, topP: 0.5, stop: ["END"] });
  });

  it("refuses what it does not know and what does not fit", () => {
    for (const item of [
      "tempature=1",
      "temperature=warm",
      "max_tokens=1.5",
      "stream=yes",
      "logit_bias=[]",
      "seed",
      "__proto__=1",
      "max_tokens=-5",
      "max_tokens=0",
      "n=0",
    ]) {
      expect(() => parseSet([item]), item).toThrow(CutawayError);
    }
  });

  it("leaves a parameter out when its value is empty", () => {
    expect(withChanges({ seed: 1, temperature: 1 }, parseSet(["seed="]).parameters)).toEqual({ temperature: 1 });
  });

  it("takes what only a local model can be told, for a local call", () => {
    const items = ["context_size=2048", "overflow=truncate-start", "raw=", "parse_special=true", "sampler_order=top_k, temperature", "template="];
    expect(parseSet(items, "local").local).toEqual({
      contextSize: 2048,
      overflow: "truncate-start",
      raw: undefined,
      parseSpecial: true,
      samplerOrder: ["top_k", "temperature"],
      template: undefined,
    });
    for (const item of items) expect(() => parseSet([item], "openai-chat"), item).toThrow(/is no parameter/);
    for (const item of ["raw=false", "context_size=0", "parse_special=1"]) expect(() => parseSet([item], "local"), item).toThrow(CutawayError);
    expect(setArguments({ seed: undefined }, { samplerOrder: ["top_k", "temperature"], raw: undefined })).toBe(
      "--set seed= --set sampler_order=top_k,temperature --set raw=",
    );
  });

  it("reads back what a finding's change prints", () => {
    const unquoted = (text: string) => text.slice("--set ".length).replace(/^'|'$/g, "").replaceAll("'\\''", "'");
    const changes: fc.Arbitrary<Partial<Parameters>> = fc.oneof(
      fc.record({ maxOutputTokens: fc.integer({ min: 1 }) }),
      fc.record({ temperature: fc.double({ min: 0, max: 2, noNaN: true }) }),
      fc.record({ stop: fc.array(fc.string(), { minLength: 1 }) }),
    );
    fc.assert(
      fc.property(
        changes,
        (change) => void expect(parseSet([unquoted(setArguments(change))]).parameters).toEqual(JSON.parse(JSON.stringify(change))),
      ),
    );
  });
});

describe("where a replay goes", () => {
  const call = (url: string | undefined, kind: Call["origin"]["kind"] = "file"): Call => ({
    ...cutCall(),
    origin: { kind },
    request: request(url === undefined ? {} : { url }),
  });

  it("is where the user says, else where the call went", () => {
    expect(baseUrlFor(call("https://api.openai.com/v1/chat/completions"), "http://x/v1")).toBe("http://x/v1");
    expect(baseUrlFor(call("https://api.openai.com/v1/chat/completions"), undefined)).toBe(undefined);
    expect(baseUrlFor(call("http://127.0.0.1:8000/v1/chat/completions"), undefined)).toBe("http://127.0.0.1:8000/v1");
    expect(baseUrlFor(call("https://gateway.example/v1/messages", "proxy"), undefined)).toBe("https://gateway.example/v1");
    expect(baseUrlFor(call(undefined), undefined)).toBe(undefined);
  });

  it("is never a stranger's server that a file names: the key would go there", () => {
    expect(() => baseUrlFor(call("https://evil.example/v1/chat/completions"), undefined)).toThrow(/would send your key there/);
    expect(() => baseUrlFor(call("https://api.openai.com.evil.example/v1/responses"), undefined)).toThrow(CutawayError);
  });
});

describe("--fail-on", () => {
  const call = cutCall();
  const [problem, warning] = [capFinding(call), spaceFinding(call)];
  const reached = (items: string[], findings: Finding[]) => createFailOn(items)(findings);

  it("is reached by the severity or a worse one, or by the rule", () => {
    expect(reached(["problem"], [warning])).toBe(false);
    expect(reached(["problem"], [warning, problem])).toBe(true);
    expect(reached(["warning"], [problem])).toBe(true);
    expect(reached(["note"], [])).toBe(false);
    expect(reached(["tokens.trailing-space"], [problem])).toBe(false);
    expect(reached(["tokens.trailing-space"], [warning])).toBe(true);
    expect(createFailOn(undefined)([problem])).toBe(false);
  });

  it("names the rules when one is not known", () => {
    expect(() => createFailOn(["cut.nothing"])).toThrow(
      expect.objectContaining({ code: "bad-option", fix: expect.stringContaining("cut.output-cap") }),
    );
    expect(() => createFailOn([])).toThrow(CutawayError);
  });
});

describe("the data directory", () => {
  it("is CUTAWAY_DIR, else the nearest .cutaway upwards, else one here", () => {
    const deep = join(folder, "a/b/c");
    mkdirSync(join(folder, "a/.cutaway"), { recursive: true });
    mkdirSync(deep, { recursive: true });
    expect(findDataDirectory(deep, { CUTAWAY_DIR: "/elsewhere" })).toBe("/elsewhere");
    expect(findDataDirectory(deep, {})).toBe(join(folder, "a/.cutaway"));
    expect(findDataDirectory(folder, {})).toBe(join(folder, ".cutaway"));
  });

  it("keeps itself out of version control", () => {
    const made = join(folder, "made");
    ensureDataDirectory(made);
    expect(readFileSync(join(made, ".gitignore"), "utf8")).toBe("*\n");
  });

  it("says so where it cannot be made", () => {
    writeFileSync(join(folder, "file"), "");
    expect(() => ensureDataDirectory(join(folder, "file/store"))).toThrow(expect.objectContaining({ code: "not-a-directory" }));
    expect(() => ensureDataDirectory(join(folder, "file"))).toThrow(expect.objectContaining({ code: "not-a-directory", kind: "usage" }));
  });

  it("makes every level that is missing", () => {
    ensureDataDirectory(join(folder, "one/two/three"));
    expect(readdirSync(join(folder, "one/two/three"))).toEqual([".gitignore"]);
  });

  it("writes a .gitignore again that a full disk left empty, and leaves another alone", () => {
    const made = join(folder, "ignored");
    mkdirSync(made);
    writeFileSync(join(made, ".gitignore"), "");
    ensureDataDirectory(made);
    expect(readFileSync(join(made, ".gitignore"), "utf8")).toBe("*\n");
    writeFileSync(join(made, ".gitignore"), "mine\n");
    ensureDataDirectory(made);
    expect(readFileSync(join(made, ".gitignore"), "utf8")).toBe("mine\n");
  });
});

describe("writing a file", () => {
  it("does not replace without force, and leaves nothing beside", () => {
    const path = join(folder, "out.html");
    writeFileAtomically(path, "one", false);
    expect(() => writeFileAtomically(path, "two", false)).toThrow(expect.objectContaining({ code: "file-exists" }));
    expect(readFileSync(path, "utf8")).toBe("one");
    writeFileAtomically(path, "two", true);
    expect(readFileSync(path, "utf8")).toBe("two");
    expect(() => writeFileAtomically(join(folder, "no/such/out.html"), "x", false)).toThrow(
      expect.objectContaining({ code: "file-not-found", message: expect.stringContaining("no/such/out.html") }),
    );
    expect(readdirSync(folder).filter((name) => name.includes(".tmp"))).toEqual([]);
    expect(existsSync(join(folder, "no"))).toBe(false);
  });
});

describe("failures of the system", () => {
  const failure = (code: string) => Object.assign(new Error(code), { code, syscall: "open", path: "x.json" });
  it("become messages a person can act on", () => {
    for (const [code, ours] of [
      ["ENOENT", "file-not-found"],
      ["EISDIR", "is-a-directory"],
      ["EACCES", "no-permission"],
      ["ENOSPC", "disk-full"],
      ["EROFS", "read-only"],
    ] as const) {
      expect(explainSystemError(failure(code))).toMatchObject({
        code: ours,
        kind: "usage",
        cause: expect.objectContaining({ code }),
        fix: expect.stringMatching(/\.$/),
      });
    }
    const other = new Error("other");
    expect(explainSystemError(other)).toBe(other);
  });
});

describe("exit codes", () => {
  it("of every kind of error are in the table", () => {
    const codes = (["internal", "usage", "auth", "network", "budget", "unverified", "interrupted"] as const).map(exitCodeOf);
    expect(codes).toEqual([1, 2, 4, 5, 6, 7, 130]);
    for (const code of codes) expect(exitCodes.map((row) => row.code)).toContain(code);
  });
});

describe("a path into a call", () => {
  it("finds own fields only", () => {
    expect(valueAt(cutCall(), "answers[0].finish.raw")).toBe("length");
    expect(valueAt(cutCall(), "answers[7].finish")).toBe(undefined);
    expect(valueAt(cutCall(), "__proto__.constructor")).toBe(undefined);
    expect(valueAt({ a: null }, "a.b")).toBe(undefined);
  });
});
