import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { openLocalModel } from "@cutaway/runtime";
import { tinyLlama } from "@cutaway/runtime/testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { scoreText } from "../src/score/score-text.ts";
import { emptyPlace } from "./run-cutaway.ts";

const place = emptyPlace();
const file = join(place.folder, "tiny.gguf");
const quick = ["--model", "tiny.gguf", "--threads", "1"];

beforeAll(() => writeFileSync(file, tinyLlama({ seed: 3, trainedContext: 128 })));
afterAll(place.remove);

const scored = async (args: string[], input?: string) => {
  const { code, stdout, stderr } = await place.cutaway(["score", ...args, ...quick, "--json"], input === undefined ? {} : { input });
  expect([code, stderr]).toEqual([0, ""]);
  return JSON.parse(stdout);
};

describe("score", () => {
  it("tells every token's logprob, rank and entropy, and sums that add up", async () => {
    const score = await scored(["in the end", "--top", "2"]);
    expect(score).toMatchObject({ schema: "cutaway/score", version: 1, model: "tiny.gguf" });
    const [first, ...rest] = score.tokens;
    expect(first).toMatchObject({ logprob: null, rank: null, entropy: null });
    expect(score.tokens.map(({ text }: { text: string }) => text).join("")).toBe("in the end");
    expect(score.scoredTokens).toBe(rest.length);
    const sum = rest.reduce((total: number, { logprob }: { logprob: number }) => total + logprob, 0);
    expect(score.logprob).toBeCloseTo(sum, 9);
    expect(score.perplexity).toBeCloseTo(Math.exp(-sum / rest.length), 6);
    expect(score.bitsPerByte).toBeCloseTo(-sum / Math.log(2) / (10 - first.text.length), 9);
    for (const { top, logprob, rank } of rest) {
      expect(top).toHaveLength(2);
      expect(logprob).toBeLessThanOrEqual(top[0].logprob);
      if (rank < 2) expect(top[rank].logprob).toBe(logprob);
    }
  });

  it("scores the first token too where BOS goes first", async () => {
    const [without, with_] = [await scored(["in"]), await scored(["in", "--bos", "always"])];
    expect([without.scoredTokens, without.perplexity, without.bitsPerByte]).toEqual([0, null, null]);
    expect(with_.scoredTokens).toBe(1);
  });

  it("reads a file and a pipe alike", async () => {
    writeFileSync(join(place.folder, "text.txt"), "the same text\n");
    const ofPipe = await scored(["-"], "the same text\n");
    const { code, stdout } = await place.cutaway(["score", "text.txt", ...quick, "--json", "--quiet"]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual(ofPipe);
  });

  it("shows a table, of a long text the least expected tokens", async () => {
    const short = await place.cutaway(["score", "in the end", ...quick, "--top", "1"]);
    expect(short.stdout).toMatch(/^log-likelihood {2}-\d+\.\d{3} nats over \d+ tokens, \d+ bytes$/m);
    expect(short.stdout).toMatch(/^# +token +logprob +probability +rank +entropy +expected$/m);
    expect(short.stdout).toMatch(/^0 +in +–$/m);
    const text = "long text ".repeat(8);
    const long = (await place.cutaway(["score", text, ...quick])).stdout.split("\n");
    const ranked = long.filter((row) => /^ *[\d,]+ {2}/.test(row)).map((row) => Number(/(-\d+\.\d{3})/.exec(row)?.[1]));
    expect(ranked).toHaveLength(12);
    expect(ranked).toEqual(ranked.toSorted((a, b) => a - b));
    const full = (await place.cutaway(["score", text, ...quick, "--full"])).stdout.split("\n").filter((row) => /^ *[\d,]+ {2}/.test(row));
    expect(full.length).toBeGreaterThan(60);
  });

  it.each<[string[], RegExp]>([
    [["x".repeat(200)], /the text has 200 tokens, and the context 128 positions\n {2}Score it in windows, with --stride 64/],
    [["x".repeat(200), "--stride", "128"], /--stride is 128/],
    [["", "--top", "1"], /the prompt is empty/],
    [["x", "--top", "0"], /--top/],
    [["x", "--context-size", "500"], /500 tokens was asked for/],
  ])("refuses %j", async (args, says) => {
    const { code, stdout, stderr } = await place.cutaway(["score", ...args, ...quick]);
    expect([code, stdout]).toEqual([2, ""]);
    expect(stderr).toMatch(says);
  });
});

describe("a text longer than the context", () => {
  it("is scored in windows: every token once, the first window as it is, each later one after what its window holds before it", async () => {
    const model = await openLocalModel(file, { threads: 1 });
    try {
      const text = Array.from({ length: 300 }, (_, i) => String.fromCharCode(97 + ((i * 7) % 26))).join("");
      const ids = [...(model.tokenizer?.tokenizer.encode(text) ?? [])];
      const score = await scoreText(text, model, { top: 0, stride: 50 });
      expect(score.scoredTokens).toBe(ids.length - 1);
      const first = await model.score(ids.slice(0, 129));
      expect(score.tokens.slice(1, 129).map((entry) => entry.scored?.logprob)).toEqual(first.tokens.map(({ logprob }) => logprob));
      const second = await model.score(ids.slice(50, 179));
      expect(score.tokens.slice(129, 179).map((entry) => entry.scored?.logprob)).toEqual(second.tokens.slice(-50).map(({ logprob }) => logprob));
    } finally {
      await model.close();
    }
  });
});
