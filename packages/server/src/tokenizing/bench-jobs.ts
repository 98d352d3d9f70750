import { CutawayError, isCutawayError, isJsonObject, type JsonObject, plain, type Severity, type Tokenizer, type TokenOffsets } from "@cutaway/core";
import { pricesOf } from "@cutaway/plan";
import { explainCountChange, lintBoundaries, lintInjection } from "@cutaway/tokenizer/explain";
import { loadTokenizer, tokenizerCatalog } from "@cutaway/tokenizer/named";
import { auditCsv, auditTerms, type RowFormat, readTerms } from "@cutaway/tokenizer/reports";
import { encodeOptions, packTokens, type ReadOptions } from "./pack-tokens.ts";
import { traceToken } from "./trace-token.ts";

/** What the tokenizer bench computes. `body` is the request as it came: reading it takes time as well. */
export interface BenchJob {
  kind: keyof typeof jobs;
  body: Uint8Array;
  /** Where files are that the bench may use by name: local models, and what was uploaded. */
  files: Readonly<Record<string, string>>;
}

export type BenchAnswer = Uint8Array<ArrayBuffer>;

/** What was encoded last: who clicks a token, or changes how tokens are shown, asks about the same text again. */
interface Encoded extends ReadOptions {
  tokenizer: Tokenizer;
  text: string;
  tokens: TokenOffsets;
  /** Whether the tokens are with what post-processing adds: asked for, and known of this tokenizer. */
  added: boolean;
}
const kept: Encoded[] = [];
const mostKept = 6;

const jobs = {
  /** What a tokenizer is: whether a file is one at all. */
  describe: async (request: Request) => {
    const { family, vocabSize, specialTokens } = await request.tokenizer("tokenizer");
    return json({ name: request.text("tokenizer"), family, vocabSize, specialTokens: specialTokens.size });
  },
  encode: async (request: Request) => {
    const { tokenizer, text, tokens, added } = await encoded(request);
    return packTokens(tokenizer, text, tokens, added);
  },
  diff: async (request: Request) => {
    const tokenizer = await request.tokenizer("tokenizer");
    const options = encodeOptions({ special: request.flag("special"), add: request.flag("add") });
    const { diff, regions, ...counts } = explainCountChange(tokenizer, request.text("text"), request.text("other"), options);
    return json({ ...counts, minimal: diff.minimal, places: regions.length, regions: regions.slice(0, mostRegions) as object[] });
  },
  lints: async (request: Request) => {
    const tokenizer = await request.tokenizer("tokenizer");
    const texts = [{ text: request.text("text") }];
    const found = [...lintBoundaries({ tokenizer, texts, ends: "open" }), ...lintInjection({ tokenizer, texts })];
    found.sort((x, y) => gravity.indexOf(x.severity) - gravity.indexOf(y.severity) || x.span.start - y.span.start);
    return json({ found: found.length, lints: found.slice(0, mostLints) as object[] });
  },
  audit: async (request: Request) => {
    const terms = readTerms(request.text("terms"), request.oneOf("format", rowFormats));
    const price = priceOf(request.optional("provider"), request.optional("model"));
    const found = auditTerms(await request.tokenizer("tokenizer"), terms, price ? { price } : {});
    const audit = { ...found, tokenizer: request.text("tokenizer") };
    if (request.oneOf("as", ["json", "csv"]) === "csv") return new TextEncoder().encode(auditCsv(audit));
    return json({ schema: "cutaway/tokens-audit", version: 1, ...(plain(audit) as JsonObject) });
  },
  trace: async (request: Request) => {
    const { tokenizer, text, tokens, special, added } = await encoded(request);
    return json(traceToken(tokenizer, text, tokens, request.whole("token"), { special, add: added }));
  },
};

/** Does one job. throws `invalid-request`, and what loading and running a tokenizer throws */
export async function runBenchJob({ kind, body, files }: BenchJob): Promise<BenchAnswer> {
  return jobs[kind](new Request(body, files));
}

async function encoded(request: Request): Promise<Encoded> {
  const tokenizer = await request.tokenizer("tokenizer");
  const text = request.text("text");
  const options: ReadOptions = { special: request.flag("special"), add: request.flag("add") };
  const known = kept.findIndex(
    (one) => one.tokenizer === tokenizer && one.special === options.special && one.add === options.add && one.text === text,
  );
  const made = kept[known] ?? { tokenizer, text, ...options, ...encode(tokenizer, text, options) };
  if (known !== -1) kept.splice(known, 1);
  kept.push(made);
  if (kept.length > mostKept) kept.shift();
  return made;
}

/** Of several tokenizers beside each other, some do not say what goes around a text: they give the text's own tokens. */
function encode(tokenizer: Tokenizer, text: string, options: ReadOptions): Pick<Encoded, "tokens" | "added"> {
  try {
    return { tokens: tokenizer.encodeWithOffsets(text, { ...encodeOptions(options), unit: "utf16" }), added: options.add };
  } catch (error) {
    if (!options.add || !isCutawayError(error) || error.code !== "unknown-post-processing") throw error;
    return encode(tokenizer, text, { ...options, add: false });
  }
}

/** More are counted, and not sent: nobody looks at them one by one. */
const mostRegions = 2000;
const mostLints = 500;
const gravity: readonly Severity[] = ["problem", "warning", "note"];

const rowFormats: readonly RowFormat[] = ["lines", "csv", "tsv", "jsonl", "json"];

/** Of the model that was named, where it has a price. */
function priceOf(provider: string | undefined, model: string | undefined) {
  if (model === undefined) return undefined;
  const found = pricesOf({ asked: model, ...(provider !== undefined && { provider }) }, new Date());
  return "unknown" in found ? undefined : { perMillion: found.perMillion.input, price: found.price, caveats: found.caveats };
}

const json = (value: object): BenchAnswer => new TextEncoder().encode(JSON.stringify(value));

/** A request's fields, each checked where it is read. */
class Request {
  readonly #fields: JsonObject;
  readonly #files: Readonly<Record<string, string>>;

  constructor(body: Uint8Array, files: Readonly<Record<string, string>>) {
    let fields: unknown;
    try {
      fields = JSON.parse(new TextDecoder().decode(body));
    } catch {
      throw new CutawayError("invalid-json", "the body of the request is not JSON");
    }
    if (!isJsonObject(fields)) throw invalid("the body is not an object");
    this.#fields = fields;
    this.#files = files;
  }

  text(name: string): string {
    const value = this.#fields[name];
    if (typeof value !== "string") throw invalid(`${name} is not a text`);
    return value;
  }

  optional(name: string): string | undefined {
    return this.#fields[name] === undefined ? undefined : this.text(name);
  }

  /** The first of them where the request says nothing. */
  oneOf<T extends string>(name: string, values: readonly T[]): T {
    const value = values.find((each) => each === (this.#fields[name] ?? values[0]));
    if (value === undefined) throw invalid(`${name} must be one of ${values.join(", ")}`);
    return value;
  }

  flag(name: string): boolean {
    const value = this.#fields[name] ?? false;
    if (typeof value !== "boolean") throw invalid(`${name} must be true or false`);
    return value;
  }

  whole(name: string): number {
    const value = this.#fields[name];
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw invalid(`${name} must be a whole number`);
    return value as number;
  }

  /** By its name, never by a path: a page must not choose which files are read, nor learn where they lie. */
  async tokenizer(name: string): Promise<Tokenizer> {
    const asked = this.text(name);
    const file = Object.hasOwn(this.#files, asked) ? this.#files[asked] : undefined;
    if (file === undefined && !tokenizerCatalog.some((known) => known.name === asked)) {
      throw new CutawayError("unknown-tokenizer", `there is no tokenizer ${JSON.stringify(asked.slice(0, 80))} here`, {
        fix: "GET /api/tokenizers lists those that are; upload a file to have another.",
      });
    }
    try {
      return await loadTokenizer(file ?? asked);
    } catch (error) {
      if (!isCutawayError(error) || file === undefined) throw error;
      const { code, kind, message, fix } = error;
      const named = (says: string) => says.replaceAll(file, asked);
      throw new CutawayError(code, named(message), { kind, ...(fix !== undefined && { fix: named(fix) }) });
    }
  }
}

const invalid = (says: string) => new CutawayError("invalid-request", says, { fix: 'For example {"tokenizer": "o200k_base", "text": "Hello"}.' });
