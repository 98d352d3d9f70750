import { type Call, type CallId, newCallId, seededRandom } from "@cutaway/core";
import { type Recorded, recordedCall } from "./recorded-call.ts";
import { drawnTokens, tokensOfText } from "./words.ts";

export interface Sample {
  call: Call;
  bodies: { request: Uint8Array; response: Uint8Array };
}

const system =
  "You are the release assistant of a team that ships a data pipeline. Answer briefly and name files exactly. If you are not sure, say so.";

const moons = `Jupiter's four large moons are easy to tell apart once you look at density.

1. Io is the densest, about 3.53 g/cm³, and the most volcanic body known.
2. Europa has an ice shell over a salty ocean; its surface is the smoothest in the Solar System.
3. Ganymede is the largest moon of all and has a magnetic field of its own.
4. Callisto is the least differentiated, and its craters have survived for nearly four billion years.

Of these, Europa is the likeliest place for`;

const loop = "The migration must run before the deploy. ";

/** Calls of every kind that the workbench shows, newest last. `now`: milliseconds since the epoch. */
export function sampleCalls(now: number): Sample[] {
  const random = seededRandom(7);
  let step = 40;
  const at = (): { id: CallId; issued: number } => {
    const issued = now - --step * 61_000 - Math.floor(random() * 30_000);
    return { id: newCallId(issued, random), issued };
  };
  const ask = (text: string): Recorded["messages"] => [
    { role: "system", text: system },
    { role: "user", text },
  ];
  const samples: Sample[] = [];
  const add = (recorded: Recorded) => {
    const sample = recordedCall(recorded);
    samples.push(sample);
    return sample.call;
  };
  const cap = add({
    ...at(),
    provider: "openai",
    model: "gpt-4o-mini",
    served: "gpt-4o-mini-2024-07-18",
    messages: [
      ...ask("Compare the four Galilean moons. Which one could hold life?"),
      { role: "assistant", text: "Shall I compare by size or by density?" },
      { role: "user", text: "By density, please. " },
    ],
    parameters: { temperature: 0.7, maxOutputTokens: 128, logprobs: true, topLogprobs: 5, stream: true },
    tokens: tokensOfText(moons, 11),
    finish: { reason: "output-cap", raw: "length" },
    usage: { inputTokens: 71, outputTokens: 128, totalTokens: 199, cacheReadTokens: 0, source: "provider" },
    seed: 3,
  });
  for (let i = 0; i < 14; i++) {
    add({
      ...at(),
      provider: i % 3 === 0 ? "anthropic" : "openai",
      model: ["claude-sonnet-4-5", "gpt-4o", "gpt-4o-mini", "gpt-4.1", "claude-haiku-4-5"][i % 5] as string,
      messages: ask(
        [
          "Summarise the incident of last night in two sentences.",
          "Which files changed between the two tags?",
          "Write a commit message for this diff.",
          "Is the retry budget too small?",
        ][i % 4] as string,
      ),
      tokens: i % 2 === 0 ? drawnTokens(60 + i * 37, i) : drawnTokens(40 + i * 11, i).map(({ text }) => ({ text })),
      usage: { inputTokens: 300 + i * 211, outputTokens: 60 + i * 37, ...(i % 4 === 1 && { cacheReadTokens: 128 }), source: "provider" },
      ttft: 180 + random() * 900,
      tpot: 8 + random() * 22,
      seed: i,
    });
  }
  add({
    ...at(),
    provider: "openai",
    model: "llama-3.3-70b-on-vllm",
    messages: ask("List what must happen before the deploy."),
    parameters: { temperature: 0, maxOutputTokens: 400 },
    tokens: tokensOfText(`Before the deploy, check three things. ${loop.repeat(14)}`, 5).map((token, i) => ({
      ...token,
      p: i > 40 ? 0.999 : token.p,
    })),
    finish: { reason: "output-cap", raw: "length" },
    usage: { inputTokens: 52, outputTokens: 400, source: "provider" },
  });
  add({
    ...at(),
    provider: "anthropic",
    model: "claude-sonnet-4-5",
    messages: ask("Explain the difference between the two lock files."),
    tokens: drawnTokens(90, 21).map(({ text }) => ({ text })),
    cutBy: "server",
    ttft: 610,
  });
  add({
    ...at(),
    provider: "openai",
    model: "gpt-4o",
    messages: ask("Give me the result as JSON with keys a and b."),
    parameters: { responseFormat: { type: "json" }, maxOutputTokens: 60 },
    tokens: tokensOfText('{"a": [1, 2, 3], "b": {"text": "it breaks here', 9),
    finish: { reason: "output-cap", raw: "length" },
    usage: { inputTokens: 48, outputTokens: 60, source: "provider" },
  });
  add({
    ...at(),
    provider: "openai",
    model: "gpt-4o-mini",
    messages: ask('Repeat: <img src=x onerror="document.title=1"> and a right-to-left override.'),
    parameters: { logprobs: true, topLogprobs: 3 },
    tokens: tokensOfText(
      'Sure: <img src=x onerror="window.__hacked=1"><script>window.__hacked=1</script>\n\tthen \u202Egnp.exe\u202C, a zero\u200Bwidth, a \u0000 and 東京 🙂 naïve — end',
      13,
    ),
  });
  add({
    ...at(),
    parent: cap.id,
    provider: "openai",
    model: "gpt-4o-mini",
    served: "gpt-4o-mini-2024-07-18",
    messages: cap.request?.messages.map(({ role, parts }) => ({ role, text: parts.map((part) => ("text" in part ? part.text : "")).join("") })) ?? [],
    parameters: { temperature: 0, maxOutputTokens: 400, logprobs: true, topLogprobs: 5, stream: true },
    tokens: [
      ...tokensOfText(moons.slice(0, 210), 11),
      ...tokensOfText(
        " the one moon with active volcanoes; Europa is close behind it, with an ocean under ice that may be salty and warm enough for life.",
        12,
      ),
    ],
    usage: { inputTokens: 71, outputTokens: 79, source: "provider" },
  });
  return samples;
}
