import { CutawayError, isJsonObject, type JsonValue, type Parameters } from "@cutaway/core";

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

/** The `set` of a replay's body `{ "set": { … } }`; `null` leaves a parameter out. @throws `invalid-parameters` for a name or value that would have no effect */
export function parametersIn(json: JsonValue): Partial<Parameters> {
  const set = isJsonObject(json) ? (json.set ?? {}) : undefined;
  if (!isJsonObject(set)) throw invalid('the body is not { "set": { … } }');
  for (const [name, value] of Object.entries(set)) {
    const check = Object.hasOwn(checks, name) ? checks[name as keyof Parameters] : undefined;
    if (!check) throw invalid(`there is no parameter ${JSON.stringify(name.slice(0, 60))}`);
    if (value !== null && !check[0](value)) throw invalid(`${name} must be ${check[1]}, or null to leave it out`);
  }
  return Object.fromEntries(Object.entries(set).map(([name, value]) => [name, value ?? undefined])) as Partial<Parameters>;
}

const invalid = (says: string) =>
  new CutawayError("invalid-parameters", says, {
    fix: `Parameters are ${Object.keys(checks).join(", ")}; for example {"set":{"maxOutputTokens":256}}.`,
  });
