import { type JsonObject, plain } from "@cutaway/core";
import { findingToJson } from "@cutaway/diagnose";
import type { DemoResult } from "./run-demo.ts";

/** The demo for programs; unknown is null. */
export function demoToJson(results: readonly DemoResult[], model: string, seconds: number): JsonObject {
  return {
    schema: "cutaway/demo",
    version: 1,
    model,
    seconds,
    confirmed: results.filter(({ finding }) => finding?.verification.verdict === "confirmed").length,
    of: results.length,
    calls: results.map(({ case: { id, complaint }, explanation: { call }, calls, finding }) => ({
      case: id,
      complaint,
      call: call.id,
      attempts: calls.map((one) => one.id),
      finish: plain(call.answers[0]?.finish) ?? null,
      text: call.answers[0]?.text ?? null,
      usage: { inputTokens: call.usage.inputTokens ?? null, outputTokens: call.usage.outputTokens ?? null },
      finding: finding ? findingToJson(finding) : null,
      verdict: finding?.verification.verdict ?? null,
      unchanged: finding?.verification.unchanged.slice() ?? null,
      changed: finding?.verification.changed.slice() ?? null,
    })),
  };
}
