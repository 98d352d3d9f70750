import { type Call, type CallId, newCallId, seededRandom, type Verification } from "@cutaway/core";
import type { StoredFinding } from "@cutaway/store";
import { type LocalSample, localCall, model } from "./local-call.ts";
import { tokensOfText } from "./words.ts";

export interface LocalEntry {
  call: Call;
  /** What is stored beside the call; what the rules find anew stands beside it. */
  findings?: StoredFinding[];
  /** Calls made to verify a finding of another. */
  isArm?: true;
}

const moons =
  "Io is the densest of the four. It is the innermost moon of Jupiter, and the most volcanic body in the Solar System. Europa comes second: its ocean may hold more water than the Earth's";
const loop = "The migration must run before the deploy. ";

/** Calls of a local model, newest last, with one finding put to the test. now  milliseconds since the epoch */
export function localSamples(now: number): LocalEntry[] {
  const random = seededRandom(23);
  let step = 0;
  const at = (): { id: CallId; issued: number } => {
    const issued = now - 600_000 + ++step * 9_000;
    return { id: newCallId(issued, random), issued };
  };
  const ask = (text: string): LocalSample["messages"] => [
    { role: "system", text: "You are a helpful AI assistant named SmolLM, trained by Hugging Face" },
    { role: "user", text },
  ];
  const sampled = localCall({
    ...at(),
    messages: ask("Which of Jupiter's large moons is densest?"),
    parameters: { temperature: 0.8, topK: 40, topP: 0.9, repetitionPenalty: 1.1, maxOutputTokens: 40, seed: 7 },
    tokens: tokensOfText(moons, 31),
    finish: { reason: "output-cap", raw: "max_tokens" },
  });
  const long = localCall({
    ...at(),
    messages: ask(`Summarise this log. ${"job 17 retried after a timeout; ".repeat(60)} What failed last?`),
    parameters: { temperature: 0, maxOutputTokens: 60 },
    local: { contextSize: 512, overflow: "truncate-start" },
    run: { contextSize: 512, dropped: { tokens: 214, of: 726, at: "start" } },
    tokens: tokensOfText("The log ends with a timeout of job 17.", 5),
  });
  const raw = localCall({
    ...at(),
    messages: [{ role: "user", text: "<|im_start|>user\nName one moon.<|im_end|>\n" }],
    parameters: { temperature: 0, maxOutputTokens: 24 },
    local: { raw: true },
    tokens: tokensOfText("user\nName one moon.\nuser\nName one moon.", 8),
    finish: { reason: "output-cap", raw: "max_tokens" },
  });
  const messages = ask("List what must happen before the deploy.");
  const looping = (run: Partial<LocalSample> = {}): LocalSample => ({
    ...at(),
    messages,
    parameters: { temperature: 0, maxOutputTokens: 120 },
    tokens: tokensOfText(loop.repeat(14), 5).map((token, i) => ({ ...token, p: i > 20 ? 0.998 : token.p, others: i > 20 ? [] : token.others })),
    finish: { reason: "output-cap", raw: "max_tokens" },
    ...run,
  });
  const original = localCall(looping());
  const unchanged = [1, 2, 3].map(() => localCall(looping({ parent: original.id })));
  const endings = ["then tell the on-call engineer.", "and keep the old binary for a day.", "then watch the error rate."];
  const changed = endings.map((ending, i) =>
    localCall(
      looping({
        parent: original.id,
        parameters: { temperature: 0, repetitionPenalty: 1.3, maxOutputTokens: 120 },
        tokens: tokensOfText(`${loop}Check the backup first, ${ending}`, 40 + i),
        finish: { reason: "stop", raw: "<|im_end|>" },
      }),
    ),
  );
  const verification: Verification = {
    verdict: "confirmed",
    why: "The answer looped in 3 of 3 runs as asked, and in 0 of 3 with the change.",
    unchanged: [3, 3],
    changed: [0, 3],
    calls: [...unchanged, ...changed].map(({ id }) => id),
    arms: { unchanged: unchanged.map(({ id }) => id), changed: changed.map(({ id }) => id) },
    counts: "the answer repeats itself",
    difference: { estimate: 1, low: 0.34, high: 1, level: 0.95 },
    p: 0.05,
    deterministic: true,
    errorRate: 0.05,
    experiment: "verify-loop",
    model,
  };
  const finding: StoredFinding = {
    rule: "loop.repetition",
    calls: [original.id],
    severity: "problem",
    certainty: "certain",
    says: "The answer repeats one sentence 14 times.",
    evidence: [{ kind: "text", call: original.id, path: "answers[0].text", at: { start: 0, end: 42 }, says: "the sentence that comes again" }],
    change: { says: "a repetition penalty of 1.3", set: { repetitionPenalty: 1.3 } },
    verification,
  };
  return [
    { call: sampled },
    { call: long },
    { call: raw },
    { call: original, findings: [finding] },
    ...[...unchanged, ...changed].map((call): LocalEntry => ({ call, isArm: true })),
  ];
}
