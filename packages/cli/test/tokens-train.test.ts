import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { emptyPlace, type Place } from "./run-cutaway.ts";

let place: Place;
beforeEach(() => {
  place = emptyPlace();
});
afterEach(() => place.remove());

const words = "the cat sat on the mat, 42 U.S.C. § 1983 and the hat of the cat\n".repeat(200);
const corpus = () => writeFileSync(join(place.folder, "corpus.txt"), words);
const read = (name: string) => fromTokenizerJson(readFileSync(join(place.folder, name)), name);
const train = (...more: string[]) => place.cutaway(["tokens", "train", "corpus.txt", "--vocab-size", "300", "--out", "t.json", ...more]);

describe("tokens train", () => {
  it("writes a tokenizer of each type", async () => {
    corpus();
    expect(await train()).toMatchObject({ code: 0, stderr: expect.stringContaining("wrote t.json") });
    expect(read("t.json").count("the cat")).toBe(2);
    for (const [type, family] of [
      ["wordpiece", "wordpiece"],
      ["unigram", "unigram"],
    ] as const) {
      const { code, stderr } = await train("--type", type, "--force");
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(read("t.json").family).toBe(family);
    }
  });

  it("measures sizes and terms from one run, on lines that were held out", async () => {
    corpus();
    writeFileSync(join(place.folder, "terms.txt"), "42 U.S.C. § 1983\nthe mat\n");
    const { stdout } = await train("--vocab-size", "280", "--sweep", "260,270,280", "--holdout", "0.1", "--terms", "terms.txt", "--json");
    const { sweep, heldOut, corpus: counts, vocabSize } = JSON.parse(stdout);
    expect(sweep.map((row: { vocabSize: number }) => row.vocabSize)).toEqual([260, 270, 280]);
    expect(sweep[2].bytesPerToken).toBe(heldOut.bytesPerToken);
    expect(sweep[2].tokensPerTerm).toBeLessThan(sweep[0].tokensPerTerm);
    expect(counts.bytes + heldOut.bytes).toBe(Buffer.byteLength(words));
    expect(vocabSize).toBe(280);
  });

  it("reads standard input", async () => {
    const { code } = await place.cutaway(["tokens", "train", "-", "--vocab-size", "280", "--out", "t.json"], { input: words });
    expect(code).toBe(0);
    expect(read("t.json").vocabSize).toBe(280);
  });

  it("does not replace a file unless it is told to, and says so before it trains", async () => {
    corpus();
    writeFileSync(join(place.folder, "t.json"), "mine");
    expect(await train()).toMatchObject({ code: 2, stderr: expect.stringContaining("t.json exists") });
    expect(readFileSync(join(place.folder, "t.json"), "utf8")).toBe("mine");
    expect(await train("--force")).toMatchObject({ code: 0 });
  });

  it("refuses what would have no effect, what is too small, and what cannot be read", async () => {
    corpus();
    writeFileSync(join(place.folder, "latin1.txt"), Buffer.from([0x63, 0xe9, 0x0a]));
    const said = async (...args: string[]) => (await place.cutaway(["tokens", "train", ...args])).stderr;
    const out = ["--vocab-size", "300", "--out", "t.json"];
    expect(await said("corpus.txt", "--vocab-size", "300")).toContain("no file is named for the result");
    expect(await said("corpus.txt", "--out", "t.json")).toContain("no vocabulary size is given");
    expect(await said("corpus.txt", ...out, "--type", "unigram", "--sweep", "300")).toContain("--sweep has no effect with --type unigram");
    expect(await said("corpus.txt", ...out, "--cased")).toContain("--cased has no effect with --type bpe");
    expect(await said("corpus.txt", ...out, "--sweep", "300")).toContain("nothing to measure");
    expect(await said("corpus.txt", ...out, "--sweep", "100", "--holdout", "0.5")).toContain("a vocabulary of 100 is too small");
    expect(await said("corpus.txt", ...out, "--holdout", "2")).toContain("--holdout");
    expect(await said("latin1.txt", ...out)).toContain("latin1.txt is not UTF-8 text");
    expect(await said("missing.txt", ...out)).toContain("missing.txt");
    expect(existsSync(join(place.folder, "t.json"))).toBe(false);
  });

  it("stopped by Ctrl-C it leaves no file behind", async () => {
    const { child, ended } = place.start(["tokens", "train", "-", "--vocab-size", "280", "--out", "t.json"]);
    // More than a pipe holds: when it is written, the command is reading.
    await new Promise((resolve) => child.stdin?.write(words.repeat(100), resolve));
    child.kill("SIGINT");
    expect((await ended).code).toBe(130);
    expect(readdirSync(place.folder).filter((name) => name.includes("t.json"))).toEqual([]);
  }, 60_000);
});
