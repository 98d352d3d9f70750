import { durationsOf } from "@cutaway/core";
import { callRule, type Found } from "../call-rule.ts";
import { inField, inTiming } from "../evidence.ts";
import { count, percent, seconds } from "../words.ts";

/** Milliseconds of waiting that a reader of a stream notices as a fault. */
const long = 10_000;

/** Most of the time passed before the first token. */
export const firstToken = callRule({
  id: "slow.first-token",
  title: "The first token came late",
  check: (call): Found[] => {
    const { ttft, ttfText, total } = durationsOf(call);
    const { connected, headers, lastToken } = call.instants;
    const streamed = (call.instants.chunks?.length ?? 0) > 3;
    const wait = ttfText ?? ttft;
    const end = total ?? lastToken;
    if (!streamed || ttft === undefined || wait === undefined || wait < long || end === undefined || wait < end * 0.3) return [];
    const thought = ttfText !== undefined && ttfText - ttft > wait / 2;
    const evidence = [inTiming(call, thought ? "firstText" : "firstToken", `after ${seconds(wait)}`)];
    if (headers !== undefined) evidence.push(inTiming(call, "headers", `headers after ${seconds(headers)}`));
    const server = call.response?.processingMs;
    if (server !== undefined) evidence.push(inField(call, "response.processingMs", `the provider counts ${seconds(server)} as its own`));
    const input = call.usage.inputTokens;
    const uncached = input === undefined ? undefined : input - (call.usage.cacheReadTokens ?? 0);
    const why = thought
      ? `, ${seconds(ttfText - ttft)} of it spent on reasoning`
      : connected !== undefined && connected > wait / 2
        ? `, ${seconds(connected)} of it on connecting`
        : uncached !== undefined && uncached > 20_000
          ? `; ${count(uncached)} uncached prompt tokens had to be read first`
          : "; queueing or reading the prompt took it";
    return [
      {
        severity: "warning",
        certainty: "certain",
        says: `The first ${thought ? "text" : "token"} came after ${seconds(wait)}, ${percent(Math.min(1, wait / end))} of the whole time${why}.`,
        evidence,
      },
    ];
  },
});
