import { CutawayError, isJsonObject, type JsonValue, type LocalOptions, type Parameters } from "@cutaway/core";

type Check = [is: (value: unknown) => boolean, says: string];

const number: Check = [(value) => typeof value === "number" && Number.isFinite(value), "a number"];
const count: Check = [(value) => Number.isSafeInteger(value) && (value as number) >= 0, "a whole number"];
const text: Check = [(value) => typeof value === "string", "a text"];
const flag: Check = [(value) => typeof value === "boolean", "true or false"];
const object: Check = [isJsonObject, "an object"];

const checks: Record<keyof Parameters, Check> = {
  temperature: number,
  topP: number,
  topK: count,
  minP: number,
  maxOutputTokens: count,
  stop: [(value) => Array.isArray(value) && value.every((item) => typeof item === "string"), "a list of texts"],
  seed: [Number.isSafeInteger, "a whole number"],
  frequencyPenalty: number,
  presencePenalty: number,
  repetitionPenalty: number,
  logitBias: [(value) => isJsonObject(value) && Object.values(value).every((bias) => typeof bias === "number"), "an object of numbers"],
  typicalP: number,
  topNSigma: number,
  topH: number,
  epsilonCutoff: number,
  etaCutoff: number,
  noRepeatNgramSize: count,
  dryMultiplier: number,
  dryBase: number,
  dryAllowedLength: count,
  dryPenaltyLastN: number,
  drySequenceBreakers: [(value) => Array.isArray(value) && value.every((item) => typeof item === "string"), "a list of texts"],
  xtcProbability: number,
  xtcThreshold: number,
  mirostat: count,
  mirostatTau: number,
  mirostatEta: number,
  logprobs: flag,
  topLogprobs: count,
  n: count,
  stream: flag,
  streamUsage: flag,
  responseFormat: object,
  toolChoice: [(value) => typeof value === "string" || isJsonObject(value), "a text or an object"],
  parallelToolCalls: flag,
  reasoning: object,
  verbosity: text,
  serviceTier: text,
  truncation: text,
  promptCacheKey: text,
  user: text,
};

const oneOf = (...values: string[]): Check => [
  (value) => values.includes(value as string),
  values.map((value) => JSON.stringify(value)).join(" or "),
];

const localChecks: Record<keyof LocalOptions, Check> = {
  template: text,
  raw: [(value) => value === true, "true, or null"],
  tokens: [(value) => Array.isArray(value) && value.every(Number.isSafeInteger), "a list of token ids"],
  bos: oneOf("auto", "always", "never"),
  parseSpecial: flag,
  prefill: text,
  contextSize: count,
  overflow: oneOf("refuse", "truncate-start", "truncate-end"),
  samplerOrder: [(value) => Array.isArray(value) && value.every((item) => typeof item === "string"), "a list of stages"],
  repetitionWindow: count,
  samplerPreset: text,
  penaltyScope: oneOf("answer", "all"),
  schedules: [(value) => isJsonObject(value) && Object.values(value).every((schedule) => typeof schedule === "string"), "an object of texts"],
  constraint: object,
};

/**
 * The body of a replay, `{ "set": { … }, "local": { … } }`: parameters, and options of the local runtime; `null` leaves one out.
 * @throws `invalid-parameters` for a name or value that would have no effect
 */
export function parametersIn(json: JsonValue): { set: Partial<Parameters>; local: Partial<LocalOptions> } {
  if (!isJsonObject(json)) throw invalid('the body is not { "set": { … } }');
  return { set: checked(json.set ?? {}, "set", checks), local: checked(json.local ?? {}, "local", localChecks) };
}

function checked(values: JsonValue, what: string, known: Record<string, Check>): object {
  if (!isJsonObject(values)) throw invalid(`${what} is not an object`);
  for (const [name, value] of Object.entries(values)) {
    const check = Object.hasOwn(known, name) ? known[name] : undefined;
    if (!check) throw invalid(`there is no ${what === "set" ? "parameter" : "option"} ${JSON.stringify(name.slice(0, 60))}`);
    if (value !== null && !check[0](value)) throw invalid(`${name} must be ${check[1]}, or null to leave it out`);
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, value ?? undefined]));
}

const invalid = (says: string) =>
  new CutawayError("invalid-parameters", says, {
    fix: `Parameters are ${Object.keys(checks).join(", ")}; of local models also ${Object.keys(localChecks).join(", ")}, under local; for example {"set":{"maxOutputTokens":256}}.`,
  });
