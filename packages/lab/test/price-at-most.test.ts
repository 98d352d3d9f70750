import type { Message, Part, Request } from "@cutaway/core";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { planExperiment, priceAtMost } from "../src/index.ts";
import { request } from "./scripted.ts";

const paid = (text: string, more: Partial<Request> = {}): Request => ({
  ...request(text, { maxOutputTokens: 100 }),
  format: "openai-chat",
  model: "gpt-4o-mini",
  ...more,
});

const priced = (sent: Request, inputTokens?: number, apply?: (asked: Request) => Request) => {
  const levels = [{ name: "x", ...(apply && { apply }) }];
  const cases = [{ id: "a", request: sent, ...(inputTokens !== undefined && { inputTokens }) }];
  const [planned] = planExperiment({ name: "x", cases, factors: [{ name: "f", levels }], repeats: 1 }).calls;
  return planned && priceAtMost(planned, "openai");
};

const usd = (price: ReturnType<typeof priced>) => (price && "usd" in price ? price.usd : Number.NaN);

describe("what a call costs at most", () => {
  test("is nothing where it is local, and otherwise the counted prompt with the longest answer", () => {
    expect(priced(request("x"))).toEqual({ usd: 0 });
    expect(usd(priced(paid("x"), 20))).toBeCloseTo(20 * 0.15e-6 + 100 * 0.6e-6, 12);
    expect(usd(priced(paid("x", { parameters: { maxOutputTokens: 100, n: 3 } }), 20))).toBeCloseTo(20 * 0.15e-6 + 300 * 0.6e-6, 12);
  });

  test("takes the model's own maximum where the request has no cap", () => {
    expect(usd(priced(paid("x", { parameters: {} }), 0))).toBeCloseTo(16_384 * 0.6e-6, 9);
  });

  test("counts every byte that a change adds as a token, and saves nothing for what it takes away", () => {
    const withText = (text: string) => (asked: Request) => ({ ...asked, messages: paid(text).messages });
    expect(usd(priced(paid("x"), 20, withText("x plus ten"))) - usd(priced(paid("x"), 20))).toBeCloseTo(9 * 0.15e-6, 12);
    expect(usd(priced(paid("a long text"), 20, withText("x")))).toBe(usd(priced(paid("a long text"), 20)));
  });

  test("without a count is at least a token a byte", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200, unit: "binary" }), (text) => {
        const bytes = new TextEncoder().encode(text).length;
        expect(usd(priced(paid(text)))).toBeGreaterThanOrEqual(bytes * 0.15e-6 + 100 * 0.6e-6);
      }),
    );
  });

  test("is unknown for media, for models that no list names, and without any cap", () => {
    const image: Part = { type: "media", media: "image", at: "messages[0].parts[1]" };
    const message = paid("x").messages[0] as Message;
    expect(priced(paid("x", { messages: [{ ...message, parts: [image] }] }))).toEqual({ unknown: expect.stringContaining("media") });
    expect(priced(paid("x", { model: "nobody-lists-this" }))).toHaveProperty("unknown");
    expect(priced(paid("x", { model: "nobody-lists-this", parameters: {} }))).toEqual({ unknown: expect.stringContaining("no cap") });
  });
});
