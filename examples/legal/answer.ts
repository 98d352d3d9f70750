/**
 * A legal assistant that must answer in a JSON schema, its citations by pattern: the same questions to the same model with the grammar and without, both
 * judged by ajv. What the grammar cost the model, how many tokens its citations take, and what nesting does to both.
 * npx node --conditions=@cutaway/source examples/legal/answer.ts [--model NAME|FILE] [--answers 200] [--depths 1,2,3,4,5] [--depth-answers 10] [--resume FILE] [--json]
 * --max-tokens: of an answer under the grammar (512, above what the schema's answers take: cut off they are no JSON); a free one may have 80.
 * --resume: keeps what was answered in this file, and goes on from there.
 */
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type Answer, type JsonValue, newCallId, type Request, startFold, type Tokenizer } from "@cutaway/core";
import { type Distortion, distortionOf, wilsonInterval } from "@cutaway/metrics";
import { type LocalModel, localRequest, openLocalModel } from "@cutaway/runtime";
import { findModel } from "@cutaway/runtime/models";
import { fromTokenizerJson } from "@cutaway/tokenizer";
import { trainBpe } from "@cutaway/tokenizer/training";
import { Ajv2020 } from "ajv/dist/2020.js";
import { answerSchema, citations, nested, nestedExample, questions } from "./answer-schema.ts";
import { legalText } from "./citation-grammar.ts";
import { citationPattern } from "./citation-pattern.ts";

const { values } = parseArgs({
  options: {
    model: { type: "string", default: "smollm2-135m-instruct" },
    answers: { type: "string", default: "200" },
    depths: { type: "string", default: "1,2,3,4,5" },
    "depth-answers": { type: "string", default: "10" },
    "max-tokens": { type: "string", default: "512" },
    threads: { type: "string" },
    resume: { type: "string" },
    json: { type: "boolean" },
  },
});
const model = await openLocalModel(await findModel(values.model), values.threads ? { threads: Number(values.threads) } : {});
const ajv = new Ajv2020({ strict: false });

/** Of one answer what is counted; a long run keeps it in the file of --resume, and goes on from there. */
interface Record {
  text: string;
  isCut: boolean;
  canonical?: boolean;
  cost?: Omit<Distortion, "steps"> & { tokens: number };
}

const kept = new Map<string, Record[]>(
  values.resume && existsSync(values.resume)
    ? readFileSync(values.resume, "utf8")
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as [string, Record[]])
    : [],
);

/** So many answers to each prompt in turn until there are `count`, drawn at temperature 0.7; free ones get the schema in words only. */
async function ask(schema: JsonValue, prompts: readonly string[], count: number, isHeld: boolean, maxOutputTokens: number): Promise<Record[]> {
  const records: Record[] = [];
  for (const [at, prompt] of prompts.entries()) {
    const n = Math.ceil((count - records.length) / (prompts.length - at));
    if (n === 0) continue;
    const request = localRequest({
      model: values.model,
      messages: [
        { role: "system", text: `Answer with JSON only, valid under this JSON schema: ${JSON.stringify(schema)}` },
        { role: "user", text: prompt },
      ],
      parameters: {
        temperature: 0.7,
        seed: 1 + 1000 * at,
        n,
        maxOutputTokens,
        topLogprobs: 1,
        ...(isHeld && { responseFormat: { type: "json-schema", schema } }),
      },
      ...(isHeld && { local: { constraint: { whitespace: "none" } } }),
    });
    const key = JSON.stringify(request);
    const made = kept.get(key) ?? (await answersTo(request)).map(recordOf);
    if (!kept.has(key) && values.resume) appendFileSync(values.resume, `${JSON.stringify([key, made])}\n`);
    records.push(...made);
  }
  return records;
}

async function answersTo(request: Request): Promise<Answer[]> {
  const folder = startFold({ id: newCallId(), origin: { kind: "local" } });
  for await (const event of model.call(request)) folder.push(event);
  const call = folder.call();
  if (call.error) throw new Error(call.error.message);
  return call.answers;
}

function recordOf({ text, finish, held, steps = [] }: Answer): Record {
  const { steps: masked, ...cost } = distortionOf(steps) ?? {};
  return {
    text,
    isCut: finish.reason === "output-cap",
    ...(held?.canonical !== undefined && { canonical: held.canonical }),
    ...(masked && { cost: { ...(cost as Omit<Distortion, "steps">), tokens: masked.length } }),
  };
}

function judged(records: readonly Record[], schema: JsonValue) {
  const isValid = ajv.compile(schema as object);
  const valid = records.filter(({ text }) => {
    try {
      return isValid(JSON.parse(text));
    } catch {
      return false;
    }
  }).length;
  return { answers: records.length, valid, cut: records.filter(({ isCut }) => isCut).length };
}

/** What the grammar did, over all answers. */
function distortion(records: readonly Record[]) {
  const each = records.flatMap(({ cost }) => cost ?? []);
  const tokens = each.reduce((sum, cost) => sum + cost.tokens, 0);
  const share = (count: (cost: (typeof each)[number]) => number) => each.reduce((sum, cost) => sum + count(cost), 0) / tokens;
  return {
    tokens: tokens / each.length,
    natsLost: mean(each.map(({ logMass = 0 }) => -logMass)),
    natsLostPerToken: share(({ logMass = 0 }) => -logMass),
    overruled: share(({ overruled }) => overruled),
    belowHalf: share(({ belowHalf }) => belowHalf),
    belowTenth: share(({ belowTenth }) => belowTenth),
    forced: share(({ forced }) => forced),
    canonical: records.filter(({ canonical }) => canonical).length / records.length,
  };
}

/** Tokens of each citation behind a space, by the model's own tokenizer and by one of the domain. */
async function citationTokens(own: Tokenizer, answers: readonly Record[]) {
  const written = [...new Set(answers.flatMap(({ text }) => citations(text)))];
  const { json } = await trainBpe([legalText(1_000_000, 1)], { vocabSize: 8000, pattern: citationPattern, lines: true });
  const domain = fromTokenizerJson(json, "legal");
  const count = (tokenizer: Tokenizer) => mean(written.map((citation) => tokenizer.count(` ${citation}`, { disallowedSpecial: "as-text" })));
  return { different: written.length, own: count(own), domain: count(domain), examples: written.slice(0, 4) };
}

const mean = (numbers: readonly number[]) => (numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length);

async function report(opened: LocalModel) {
  const count = Number(values.answers);
  const held = await ask(answerSchema, questions, count, true, Number(values["max-tokens"]));
  const free = await ask(answerSchema, questions, count, false, 80);
  const depths = [];
  for (const depth of values.depths.split(",").map(Number)) {
    const schema = nested(depth);
    const prompt = [`Write this JSON again with the value ${depth * 7} and other tags: ${JSON.stringify(nestedExample(depth))}`];
    const each = Number(values["depth-answers"]);
    depths.push({
      depth,
      held: judged(await ask(schema, prompt, each, true, Number(values["max-tokens"])), schema),
      free: judged(await ask(schema, prompt, each, false, 80), schema),
    });
  }
  const tokenizer = opened.tokenizer?.tokenizer as Tokenizer;
  return {
    held: judged(held, answerSchema),
    free: {
      ...judged(free, answerSchema),
      begun: free.filter(({ text }) => /^\s*(```json)?\s*\{/.test(text)).length,
      withCitation: free.filter(({ text }) => citations(text).length > 0).length,
    },
    distortion: distortion(held),
    citations: await citationTokens(tokenizer, held),
    example: held[0]?.text ?? "",
    depths,
  };
}

const found = await report(model);
await model.close();
if (values.json) console.log(JSON.stringify(found));
else print(found);

function print({ held, free, distortion: cost, citations: cited, example, depths }: Awaited<ReturnType<typeof report>>): void {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const rate = ({ valid, answers }: { valid: number; answers: number }) => {
    const { low, high } = wilsonInterval({ hits: valid, runs: answers }) ?? { low: 0, high: 1 };
    return `${valid} of ${answers} valid (95 %: ${percent(low)} to ${percent(high)})`;
  };
  console.log(`with the grammar     ${rate(held)}, ${held.cut} cut at the cap`);
  console.log(
    `without              ${rate(free)}, ${free.cut} cut at the cap; ${free.begun} begin as JSON, ${free.withCitation} have a citation of the pattern`,
  );
  console.log(`\nWhat the grammar cost, of ${cost.tokens.toFixed(1)} tokens an answer`);
  console.log(`  probability lost   ${cost.natsLost.toFixed(2)} nats an answer, ${cost.natsLostPerToken.toFixed(3)} a token`);
  console.log(
    `  likeliest masked   ${percent(cost.overruled)} of tokens; less than half kept ${percent(cost.belowHalf)}, less than a tenth ${percent(cost.belowTenth)}`,
  );
  console.log(`  no choice          ${percent(cost.forced)} of tokens`);
  console.log(`  canonical          ${percent(cost.canonical)} of answers have the tokens that the tokenizer gives for their text`);
  console.log(
    `\nTokens a citation, ${cited.different} different ones: ${cited.own.toFixed(2)} by the model's tokenizer, ${cited.domain.toFixed(2)} by the domain's`,
  );
  console.log(`  ${cited.examples.join("; ")}`);
  console.log(`\nAn answer: ${example}`);
  console.log("\nNesting  valid with  valid without");
  for (const { depth, held: with_, free: without } of depths)
    console.log(
      `${String(depth).padStart(7)}  ${`${with_.valid} of ${with_.answers}`.padStart(10)}  ${`${without.valid} of ${without.answers}`.padStart(13)}`,
    );
}
