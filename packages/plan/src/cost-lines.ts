import type { CostLine, Usage, UsageCount } from "@cutaway/core";
import type { Priced, Rates } from "./price-list.ts";
import { rateFor, tierStart } from "./rates-at.ts";

export interface PricedLines {
  input: CostLine[];
  output: CostLine[];
  /** Charged by the piece, neither input nor output. */
  other: CostLine[];
  caveats: string[];
}

/**
 * The arithmetic of one call: every token in exactly one line.
 * What has no rate of its own is charged as what it is part of (a cached token as input, reasoning as output), as providers do.
 * source  formula and tier rule: genai-prices `calc_price`; the tier is chosen by all input tokens of the call
 */
export function priceLines(usage: Usage, rates: Rates): PricedLines {
  const caveats: string[] = [];
  const size = usage.inputTokens ?? 0;
  const line = (what: string, count: UsageCount, units: number, priced: Priced): CostLine[] => {
    const rate = rates[priced];
    if (units <= 0 || rate === undefined) return [];
    const per = rateFor(rate, size);
    return [{ what, count, units, per, amount: (units * per) / 1_000_000 }];
  };
  /** How many of these have a rate of their own; the others stay where they are part of. */
  const own = (units: number | undefined, priced: Priced) => (rates[priced] === undefined ? 0 : (units ?? 0));

  const write1h = own(usage.cacheWrite1hTokens, "cacheWrite1h");
  const writes = Math.max(usage.cacheWriteTokens ?? 0, (usage.cacheWrite5mTokens ?? 0) + (usage.cacheWrite1hTokens ?? 0));
  const write = own(Math.max(0, writes - write1h), "cacheWrite");
  const read = own(usage.cacheReadTokens, "cacheRead");
  const inputAudio = own(usage.inputAudioTokens, "inputAudio");
  const inputImage = own(usage.inputImageTokens, "inputImage");
  const apart = read + write + write1h + inputAudio + inputImage;
  if (usage.inputTokens !== undefined && apart > usage.inputTokens) {
    caveats.push(
      `the parts of the input (${apart} tokens) are more than the input (${usage.inputTokens}): a cached audio or image token may be counted twice`,
    );
  }

  const output = usage.outputTokens ?? 0;
  const outputAudio = Math.min(own(usage.outputAudioTokens, "outputAudio"), output);
  const reasoning = Math.min(usage.reasoningTokens ?? 0, output - outputAudio);
  const searches = usage.webSearches ?? 0;
  if (searches > 0 && rates.webSearch === undefined) caveats.push(`${searches} web searches: the list has no price for them`);

  for (const [units, priced, what] of [
    [usage.cacheReadTokens, "cacheRead", "cache reads"],
    [writes, "cacheWrite", "cache writes"],
  ] as const) {
    if (units && rates.input !== undefined && rates[priced] === undefined)
      caveats.push(`the list has no price for ${what}: ${units} tokens are charged as uncached input`);
  }
  const start = tierStart(rates.input, size) ?? tierStart(rates.output, size);
  if (start !== undefined) caveats.push(`${size} input tokens are more than ${start}: the whole call is priced at the long-context rate`);
  if (usage.inputTokens === undefined && Object.values(rates).some(Array.isArray)) caveats.push("input tokens not known: priced at the lowest tier");

  return {
    input: [
      ...line("uncached input", "inputTokens", size - apart, "input"),
      ...line("cache read", "cacheReadTokens", read, "cacheRead"),
      ...line(
        usage.cacheWrite5mTokens ? "cache write, 5 minutes" : "cache write",
        usage.cacheWrite5mTokens ? "cacheWrite5mTokens" : "cacheWriteTokens",
        write,
        "cacheWrite",
      ),
      ...line("cache write, 1 hour", "cacheWrite1hTokens", write1h, "cacheWrite1h"),
      ...line("audio input", "inputAudioTokens", inputAudio, "inputAudio"),
      ...line("image input", "inputImageTokens", inputImage, "inputImage"),
    ],
    output: [
      ...line("output", "outputTokens", output - reasoning - outputAudio, "output"),
      ...line("reasoning, charged as output", "reasoningTokens", reasoning, rates.reasoning === undefined ? "output" : "reasoning"),
      ...line("audio output", "outputAudioTokens", outputAudio, "outputAudio"),
    ],
    other: line("web searches", "webSearches", searches, "webSearch"),
    caveats,
  };
}
