import {
  type Access,
  type Call,
  type CallError,
  type CallEvent,
  type Change,
  type Finding,
  foldCall,
  type Model,
  newCallId,
  type Parameters,
  type Random,
  type Request,
  seededRandom,
} from "@cutaway/core";

/** What the scripted model says to a request; an error instead of an answer. */
export type Script = (request: Request, random: Random) => string | CallError;

export interface ScriptedOptions {
  access?: Partial<Access>;
  provider?: string;
  seed?: number;
}

/** A model whose answers are draws that a test writes. With a seed in the request and `deterministic` access, the draw is that seed's. */
export function scripted(script: Script, { access, provider = "local", seed = 1 }: ScriptedOptions = {}): Model & { asked: Request[] } {
  const shared = seededRandom(seed);
  const asked: Request[] = [];
  return {
    ref: { provider, asked: "scripted" },
    access: { text: true, ...access },
    asked,
    async *call(request, signal): AsyncGenerator<CallEvent> {
      asked.push(request);
      yield { type: "call-start", model: { provider, asked: "scripted" }, format: request.format, request };
      const own = request.parameters.seed;
      const said = script(request, own !== undefined && access?.deterministic ? seededRandom(own) : shared);
      if (signal?.aborted) {
        yield { type: "closed", by: "client" };
        return;
      }
      if (typeof said === "string") {
        yield { type: "text-delta", answer: 0, text: said };
        yield { type: "answer-finish", answer: 0, finish: { reason: "stop" } };
        yield { type: "response-end" };
      } else yield { type: "call-error", error: said };
      yield { type: "closed", by: "server" };
    },
  };
}

export const requestWith = (parameters: Parameters, text = "Write a rhyme."): Request => ({
  format: "local",
  model: "scripted",
  messages: [{ role: "user", at: "messages[0]", parts: [{ type: "text", text, at: "messages[0].parts[0].text" }] }],
  tools: [],
  parameters,
  notUnderstood: [],
});

export const callOf = (request: Request | undefined): Call =>
  foldCall(
    [
      { type: "call-start", model: { provider: "local", asked: "scripted" }, format: "local", ...(request && { request }) },
      { type: "text-delta", answer: 0, text: "bad" },
      { type: "response-end" },
    ],
    { id: newCallId(), origin: { kind: "local" } },
  );

/** Sets parameters; the symptom is an answer that begins with "bad". */
export const changeTo = (set: Partial<Parameters>, symptom: Change["symptom"] = isBad): Change => ({
  says: "change it",
  set,
  apply: (request) => ({
    ...request,
    parameters: Object.fromEntries(Object.entries({ ...request.parameters, ...set }).filter(([, value]) => value !== undefined)),
  }),
  symptom,
  counts: "the answer is bad",
});

export const isBad: Change["symptom"] = (call) => call.answers.some(({ text }) => text.startsWith("bad"));

/** Another run of the arm says something else. */
export const differs: Change["symptom"] = (call, arm = [call]) => arm.some(({ answers }) => answers[0]?.text !== call.answers[0]?.text);

export const findingOf = (call: Call, change?: Change): Finding => ({
  rule: "loop.repetition",
  calls: [call.id],
  severity: "problem",
  certainty: "certain",
  says: "It is bad.",
  evidence: [],
  ...(change && { change }),
});
