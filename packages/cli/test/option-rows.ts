/** How an option is shown to do something: the command is run without it and with it. */
export interface Row {
  /** The option as it is typed; FIRST and OTHER stand for the addresses of two servers that answer. */
  typed: string[];
  /** Stands there both times, after the command's base. */
  beside?: string[];
  /** In place of the command's base. */
  base?: string[];
  /** What it does is that the command refuses: where nothing else could come of it in what these tests can run. */
  refuses?: string;
}

export interface Rows {
  base: string[];
  rows: Record<string, Row>;
  /** Of commands that go on until they are stopped: what is asked of the server in between. */
  asks?: "chat" | "nothing";
  /** Standard output is a terminal. */
  isTerminal?: boolean;
}

const tiny = ["--model", "tiny.gguf", "--threads", "1"];
const drawn = ["--max-tokens", "6", "--seed", "5", "--json"];
const prompt = "ab ab ab ab";
const letters = ["--regex", "[ -~]{9}"];

/** Options of every command that generates, each after `asks(language)`. */
function generationRows(asks: (language: string[], prompt?: string) => string[]): Record<string, Row> {
  const twoCuts = ["--temperature", "0.5", "--top-k", "5"];
  const [dry, mirostat, repetition] = [
    ["--dry-multiplier", "1", "--raw"],
    ["--mirostat", "2"],
    ["--repetition-penalty", "1.5"],
  ];
  const schema = ["--schema", "city.json"];
  return {
    "--model": { typed: ["--model", "other.gguf"] },
    "--exact": { typed: ["--exact"] },
    "--system": { typed: ["--system", "be brief"] },
    "--temperature": { typed: ["--temperature", "0.5"] },
    "--top-k": { typed: ["--top-k", "5"] },
    "--top-p": { typed: ["--top-p", "0.5"] },
    "--min-p": { typed: ["--min-p", "0.4"] },
    "--typical-p": { typed: ["--typical-p", "0.5"] },
    "--top-n-sigma": { typed: ["--top-n-sigma", "1"] },
    "--top-h": { typed: ["--top-h", "0.5"] },
    "--epsilon-cutoff": { typed: ["--epsilon-cutoff", "0.01"] },
    "--eta-cutoff": { typed: ["--eta-cutoff", "0.01"] },
    "--xtc-probability": { typed: ["--xtc-probability", "1"] },
    "--xtc-threshold": { beside: ["--xtc-probability", "1"], typed: ["--xtc-threshold", "0.01"] },
    "--mirostat": { typed: mirostat },
    "--mirostat-tau": { beside: mirostat, typed: ["--mirostat-tau", "1"] },
    "--mirostat-eta": { beside: mirostat, typed: ["--mirostat-eta", "1"] },
    "--frequency-penalty": { typed: ["--frequency-penalty", "1"] },
    "--presence-penalty": { typed: ["--presence-penalty", "1"] },
    "--penalty-scope": { beside: ["--presence-penalty", "1"], typed: ["--penalty-scope", "all"] },
    "--logit-bias": { typed: ["--logit-bias", "36=9", "--logit-bias", "37=9"] },
    "--ban-ngram": { typed: ["--ban-ngram", "2"] },
    "--dry-multiplier": { typed: dry },
    "--dry-base": { beside: dry, typed: ["--dry-base", "4"] },
    "--dry-allowed-length": { beside: dry, typed: ["--dry-allowed-length", "4"] },
    "--dry-penalty-last-n": { beside: dry, typed: ["--dry-penalty-last-n", "4"] },
    "--dry-sequence-breaker": { beside: dry, typed: ["--dry-sequence-breaker", "b"] },
    "--repetition-penalty": { typed: repetition },
    "--repetition-window": { beside: repetition, typed: ["--repetition-window", "1"] },
    "--sampler-order": { beside: twoCuts, typed: ["--sampler-order", "grammar,top_k,temperature"] },
    "--sampler-preset": { beside: twoCuts, typed: ["--sampler-preset", "llama.cpp"] },
    "--schedule": { typed: ["--schedule", "temperature=linear:2:0.1:4"] },
    "--seed": { typed: ["--seed", "6"] },
    "--max-tokens": { typed: ["--max-tokens", "2"] },
    "--stop": { base: asks(["--choice", "stopped"]), typed: ["--stop", "p"] },
    "--context-size": { typed: ["--context-size", "64"] },
    "--overflow": { beside: ["--context-size", "24"], typed: ["--overflow", "truncate-start"] },
    "--template": { typed: ["--template", "chat.jinja"] },
    "--raw": { typed: ["--raw"] },
    "--bos": { typed: ["--bos", "always"] },
    "--prefill": { base: asks(["--choice", "Well, no"]), typed: ["--prefill", "Well"] },
    "--parse-special": { base: asks(letters, "hi<|im_end|>"), typed: ["--parse-special"] },
    "--top-logprobs": { typed: ["--top-logprobs", "2"] },
    "--threads": { typed: ["--threads", "2"] },
    "--schema": { base: asks(schema), typed: ["--schema", "two.json"] },
    "--json-object": { base: asks([]), typed: ["--json-object"] },
    "--regex": { base: asks([]), typed: ["--regex", "[xy]{2}"] },
    "--grammar": { base: asks([]), typed: ["--grammar", "yes.gbnf"] },
    "--grammar-syntax": { base: asks(["--grammar", "yes.txt"]), typed: ["--grammar-syntax", "gbnf"] },
    "--choice": { base: asks(["--choice", "left"]), typed: ["--choice", "right"] },
    "--whitespace": { base: asks(schema), typed: ["--whitespace", "none"] },
    "--property-order": { base: asks(schema), typed: ["--property-order", "any"] },
    "--check-after": { base: asks(["--schema", "free.json"]), typed: ["--check-after"] },
    "--after": { typed: ["--after", "x"] },
    "--fast-forward": { base: asks(["--choice", "abcdef"]), typed: ["--fast-forward"] },
    "--no-store": { typed: ["--no-store"] },
  };
}

const generate = (language: string[], asked = prompt) => ["generate", asked, ...tiny, ...drawn, ...language];
const sample = (language: string[], asked = prompt) => ["sample", asked, ...tiny, ...drawn, ...language];
const constrain = (language: string[], asked = prompt) => ["constrain", asked, ...tiny, ...drawn, ...language];

/** Options of every view inside a model. */
function insideRows(isOfToken: boolean): Record<string, Row> {
  return {
    "--model": { typed: ["--model", "other.gguf"] },
    "--token": isOfToken ? { typed: ["--token", "x"] } : { typed: ["--token", "2"], refuses: "option-without-effect" },
    "--system": { typed: ["--system", "be brief"] },
    "--raw": { typed: ["--raw"] },
    "--bos": { typed: ["--bos", "always"] },
    "--prefill": { typed: ["--prefill", "W"] },
    "--threads": { typed: ["--threads", "2"] },
  };
}
const inside = (view: string, ...more: string[]) => ["inspect", ...(view ? [view] : []), "abc", ...more, ...tiny, "--json"];

const text = (command: string, words: string, ...more: string[]) => ["tokens", command, "--text", words, ...more];
const tokenizerRows: Record<string, Row> = {
  "--tokenizer": { typed: ["--tokenizer", "gpt2"] },
  "--model": { typed: ["--model", "gpt-4"] },
};
const words = "Übung macht den Meister, 数 and more.";
const long = Array.from({ length: 300 }, (_, i) => `word${i}`).join(" ");

const servers = ["--openai", "FIRST", "--anthropic", "FIRST"];
const serverRows: Record<string, Row> = {
  "--port": { typed: ["--port", "PORT"] },
  "--openai": { typed: ["--openai", "OTHER"] },
  "--anthropic": { typed: ["--anthropic", "OTHER"] },
};
const verify = ["--verify", "--base-url", "FIRST", "--max-calls", "4"];

/** By command; a test fails where an option has no row. */
export const optionRows: Record<string, Rows> = {
  explain: {
    base: ["explain", "cut.json", "--json"],
    rows: {
      "--model": { typed: ["--model", "gpt-4-turbo"] },
      "--provider": { typed: ["--provider", "azure"] },
      "--context-window": { typed: ["--context-window", "46"] },
      "--tokenizer": { typed: ["--tokenizer", "gpt2"] },
      "--fail-on": { typed: ["--fail-on", "problem"] },
      "--at": { base: ["explain", "undated.json", "--json"], typed: ["--at", "2020-01-01"] },
      "--no-store": { base: ["explain", "undated.json", "--json"], typed: ["--no-store"] },
      "--verify": { typed: verify },
      "--max-calls": { beside: verify, typed: ["--max-calls", "8"] },
      "--max-cost": { beside: verify, typed: ["--max-cost", "0.0000001"] },
      "--base-url": { beside: verify, typed: ["--base-url", "OTHER"] },
    },
  },
  proxy: { base: ["proxy", "--port", "0", ...servers, "--json"], asks: "chat", rows: serverRows },
  view: {
    base: ["view", "--port", "0", ...servers],
    asks: "chat",
    isTerminal: true,
    rows: { ...serverRows, "--no-open": { typed: ["--no-open"] } },
  },
  list: {
    base: ["list", "--json"],
    rows: {
      "--limit": { typed: ["--limit", "1"] },
      "--search": { typed: ["--search", "retry"] },
      "--model": { typed: ["--model", "tiny.gguf"] },
      "--finding": { typed: ["--finding", "cut.output-cap"] },
      "--experiment": { typed: ["--experiment", "none"] },
    },
  },
  show: {
    base: ["show", "CUT", "--json"],
    rows: {
      "--body": { base: ["show", "CUT"], typed: ["--body", "request"] },
      "--full": { base: ["show", "LONG"], typed: ["--full"] },
    },
  },
  diff: { base: ["diff", "CUT", "LONG"], rows: {} },
  replay: {
    base: ["replay", "CUT", "--base-url", "FIRST", "--json"],
    rows: {
      "--set": { typed: ["--set", "max_tokens=800"] },
      "--model": { typed: ["--model", "gpt-4-turbo"] },
      "--base-url": { typed: ["--base-url", "OTHER"] },
      "--repeat": { typed: ["--repeat", "2"] },
      "--max-cost": { beside: ["--repeat", "3"], typed: ["--max-cost", "0.00002"], refuses: "budget" },
      "--max-calls": { beside: ["--repeat", "3"], typed: ["--max-calls", "1"], refuses: "budget" },
      "--dry-run": { typed: ["--dry-run"] },
    },
  },
  generate: {
    base: generate(letters),
    rows: {
      ...generationRows(generate),
      "--contrastive-alpha": { base: ["generate", prompt, ...tiny, "--max-tokens", "4", "--json"], typed: ["--contrastive-alpha", "0.6"] },
      "--contrastive-k": {
        base: ["generate", prompt, ...tiny, "--max-tokens", "4", "--json", "--contrastive-alpha", "0.9"],
        typed: ["--contrastive-k", "9"],
      },
      "--heal": { base: [...generate([], "in t"), "--raw"], typed: ["--heal"] },
    },
  },
  sample: {
    base: sample(letters),
    rows: {
      ...generationRows(sample),
      "--with": { typed: ["--with", "temperature=0.3"] },
      "--vary": { typed: ["--vary", "temperature=0.2,0.9"] },
      "--step": { typed: ["--step", "1"] },
      "--for": { base: ["sample", "--for", "gemini", "--top-k", "40", "--json"], typed: ["--for", "openai-chat"] },
      "--call": { base: ["sample", "--call", "LOCAL", "--vary", "temperature=0.5", "--json"], typed: ["--call", "HELD"] },
      "--answer": {
        base: ["sample", "--call", "LOCAL", "--vary", "temperature=0.5", "--json"],
        typed: ["--answer", "3"],
        refuses: "nothing-recorded",
      },
    },
  },
  constrain: {
    base: constrain(letters),
    rows: {
      ...generationRows(constrain),
      "--text": { base: ["constrain", "--regex", "[ab]+", "--json"], typed: ["--text", "abc"] },
      "--explain": { base: ["constrain", "--regex", "[ab]+", "--text", "ab", "--json"], typed: ["--explain", "c"] },
      "--tokenizer": { base: ["constrain", "--regex", "[ab]+", "--explain", "c", "--json"], typed: ["--tokenizer", "gpt2"] },
      "--for": { base: ["constrain", "--schema", "city.json", "--json"], typed: ["--for", "gemini"] },
      "--call": { base: ["constrain", "--json"], typed: ["--call", "HELD"] },
      "--answer": { base: ["constrain", "--call", "HELD", "--json"], typed: ["--answer", "3"], refuses: "bad-option" },
      "--step": { base: ["constrain", "--call", "HELD", "--json"], typed: ["--step", "1"] },
      "--without": { base: ["constrain", "--call", "HELD", "--json"], typed: ["--without", "/properties/city enum"] },
    },
  },
  score: {
    base: ["score", "hello there, this is a text", ...tiny, "--json"],
    rows: {
      "--model": { typed: ["--model", "other.gguf"] },
      "--bos": { typed: ["--bos", "always"] },
      "--parse-special": { base: ["score", "hi<|im_end|>", ...tiny, "--json"], typed: ["--parse-special"] },
      "--top": { typed: ["--top", "2"] },
      "--context-size": { typed: ["--context-size", "16"], refuses: "context-full" },
      "--stride": { beside: ["--context-size", "16"], typed: ["--stride", "8"] },
      "--full": { base: ["score", long.slice(0, 300), ...tiny], typed: ["--full"] },
      "--threads": { typed: ["--threads", "2"] },
    },
  },
  embed: {
    base: ["embed", "a b", "c", "--model", "./encoder", "--threads", "1", "--json"],
    rows: { "--model": { typed: ["--model", "./encoder2"] }, "--threads": { typed: ["--threads", "2"] } },
  },
  serve: {
    base: ["serve", "--port", "0", ...tiny],
    asks: "chat",
    rows: {
      "--model": { typed: ["--model", "other.gguf"] },
      "--port": { typed: ["--port", "PORT"] },
      "--host": { typed: ["--host", "0.0.0.0"], refuses: "host-needs-token" },
      "--max-streams": { typed: ["--max-streams", "2"] },
      "--queue": { typed: ["--queue", "1"] },
      "--context-size": { typed: ["--context-size", "64"] },
      "--cache-memory": { typed: ["--cache-memory", "10"] },
      "--threads": { typed: ["--threads", "2"] },
      "--no-record": { typed: ["--no-record"] },
    },
  },
  export: {
    base: ["export", "CUT"],
    rows: {
      "--output": { typed: ["--output", "out.case.json"] },
      "--force": { base: ["export", "CUT", "-o", "there.case.json"], typed: ["--force"] },
    },
  },
  import: { base: ["import", "cut.json"], rows: {} },
  delete: { base: ["delete", "CUT"], rows: {} },
  inspect: { base: inside(""), rows: insideRows(true) },
  "inspect attention": {
    base: inside("attention"),
    rows: {
      ...insideRows(false),
      "--layers": { typed: ["--layers", "0"] },
      "--heads": { beside: ["--layers", "0"], typed: ["--heads", "0"] },
      "--kind": { base: ["inspect", "attention", "a b", "--model", "./t5", "--threads", "1", "--json"], typed: ["--kind", "encoder"] },
    },
  },
  "inspect lens": { base: inside("lens"), rows: { ...insideRows(true), "--top": { typed: ["--top", "5"] } } },
  "inspect attribution": { base: inside("attribution"), rows: { ...insideRows(true), "--against": { typed: ["--against", "y"] } } },
  "inspect ablate": {
    base: inside("ablate"),
    rows: {
      ...insideRows(true),
      "--of": { typed: ["--of", "heads"] },
      "--set": { typed: ["--set", "mean"] },
      "--layers": { typed: ["--layers", "0"] },
    },
  },
  "inspect patch": {
    base: inside("patch", "--corrupted", "abd"),
    rows: {
      ...insideRows(true),
      "--token": { beside: ["--against", "y"], typed: ["--token", "x"] },
      "--prefill": { beside: ["--token", "x", "--against", "y"], typed: ["--prefill", "W"] },
      "--corrupted": { typed: ["--corrupted", "abe"] },
      "--against": { beside: ["--token", "x"], typed: ["--against", "z"] },
      "--of": { typed: ["--of", "attention"] },
      "--layers": { typed: ["--layers", "0"] },
    },
  },
  "inspect norms": {
    base: inside("norms"),
    rows: {
      ...insideRows(false),
      "--side": { base: ["inspect", "norms", "a b", "--model", "./t5", "--threads", "1", "--json"], typed: ["--side", "encoder"] },
    },
  },
  "inspect routing": {
    base: ["inspect", "routing", "a b", "--model", "./mixtral", "--threads", "1", "--json"],
    rows: {
      ...insideRows(false),
      "--model": { typed: ["--model", "tiny.gguf"], refuses: "no-experts" },
      "--layers": { typed: ["--layers", "0"] },
    },
  },
  "inspect positions": { base: ["inspect", "positions", "tiny.gguf"], rows: {} },
  "tokens count": {
    base: text("count", words, "--json"),
    rows: {
      ...tokenizerRows,
      "--text": { base: ["tokens", "count", "chat.jinja", "--json"], typed: ["--text", "more"], refuses: "usage" },
      "--add-special-tokens": { beside: ["--tokenizer", "encoder"], typed: ["--add-special-tokens"] },
      "--limit": { typed: ["--limit", "3"] },
    },
  },
  "tokens show": {
    base: text("show", words, "--json"),
    rows: {
      ...tokenizerRows,
      "--text": { typed: ["--text", "more"] },
      "--add-special-tokens": { beside: ["--tokenizer", "encoder"], typed: ["--add-special-tokens"] },
      "--offsets": { typed: ["--offsets", "bytes"] },
      "--strip": { base: text("show", words), typed: ["--strip"] },
    },
  },
  "tokens trace": {
    base: text("trace", words, "--json"),
    rows: {
      ...tokenizerRows,
      "--text": { typed: ["--text", "more"] },
      "--add-special-tokens": { beside: ["--tokenizer", "encoder"], typed: ["--add-special-tokens"] },
      "--piece": { base: text("trace", words), typed: ["--piece", "1"] },
      "--full": { base: text("trace", long), typed: ["--full"] },
    },
  },
  "tokens diff": {
    base: ["tokens", "diff", "--text", "Open my notebo", "--text", "Open my notebook", "--json"],
    rows: {
      "--tokenizer": { typed: ["--tokenizer", "gpt2"] },
      "--model": { typed: ["--model", "gpt-4"] },
      "--text": { base: ["tokens", "diff", "--text", "one", "--json"], typed: ["--text", "two"] },
      "--full": { base: ["tokens", "diff", "--text", long, "--text", long.replaceAll("d1", "d 1")], typed: ["--full"] },
    },
  },
  "tokens find": {
    base: ["tokens", "find", "magikarp", "--tokenizer", "gpt2"],
    rows: {
      "--tokenizer": { typed: ["--tokenizer", "o200k_base"] },
      "--model": { base: ["tokens", "find", "magikarp"], typed: ["--model", "gpt-4"] },
      "--text": { base: ["tokens", "find", "--tokenizer", "gpt2"], typed: ["--text", "cat"] },
      "--loosely": { typed: ["--loosely"] },
      "--class": { base: ["tokens", "find", "longest"], typed: ["--class", "han"] },
      "--limit": { base: ["tokens", "find", "cat"], typed: ["--limit", "3"] },
    },
  },
  "tokens lint": {
    base: text("lint", "The capital of Fra ", "--json"),
    rows: {
      ...tokenizerRows,
      "--text": { typed: ["--text", "whole"] },
      "--answer": { base: text("lint", "Open my notebo", "--json"), typed: ["--answer", "ok"] },
      "--chat": { typed: ["--chat"] },
      "--template": { base: ["tokens", "lint", "cut.json", "--json"], typed: ["--template", "chat.jinja"] },
      "--fail-on": { typed: ["--fail-on", "note"] },
    },
  },
  "tokens whose": {
    base: ["tokens", "whose", "13903,673", "--json"],
    rows: { "--tokenizer": { typed: ["--tokenizer", "gpt2"] }, "--text": { typed: ["--text", "Why was"] } },
  },
  "tokens list": { base: ["tokens", "list"], rows: {} },
  "tokens compare": {
    base: ["tokens", "compare", "queries.csv", "--json"],
    rows: {
      "--tokenizer": { typed: ["--tokenizer", "gpt2"] },
      "--model": { typed: ["--model", "gpt-4-turbo"] },
      "--format": { typed: ["--format", "lines"] },
      "--field": { typed: ["--field", "note"] },
      "--language-field": { typed: ["--language-field", "tongue"] },
      "--answer-field": { typed: ["--answer-field", "note"] },
      "--queries-per-month": { beside: ["--model", "gpt-4-turbo"], typed: ["--queries-per-month", "1000"] },
      "--at": { beside: ["--model", "gpt-4-turbo"], typed: ["--at", "2020-01-01"] },
      "--no-baselines": { typed: ["--no-baselines"] },
      "--csv": { base: ["tokens", "compare", "queries.csv"], typed: ["--csv"] },
      "--html": { typed: ["--html", "new.html"] },
      "--force": { beside: ["--html", "there.html"], typed: ["--force"] },
    },
  },
  "tokens audit": {
    base: ["tokens", "audit", "terms.csv", "--json"],
    rows: {
      "--tokenizer": { typed: ["--tokenizer", "gpt2"] },
      "--model": { typed: ["--model", "gpt-4-turbo"] },
      "--format": { typed: ["--format", "lines"] },
      "--field": { typed: ["--field", "other"] },
      "--frequency-field": { typed: ["--frequency-field", "times"] },
      "--corpus": { typed: ["--corpus", "corpus.txt"] },
      "--words": { typed: ["--words", "corpus.txt"] },
      "--threshold": { typed: ["--threshold", "splitShare=0.99"] },
      "--at": { beside: ["--model", "gpt-4-turbo", "--corpus", "corpus.txt"], typed: ["--at", "2020-01-01"] },
      "--full": { base: ["tokens", "audit", "many-terms.txt"], typed: ["--full"] },
      "--csv": { base: ["tokens", "audit", "terms.csv"], typed: ["--csv"] },
      "--html": { typed: ["--html", "new.html"] },
      "--force": { beside: ["--html", "there.html"], typed: ["--force"] },
    },
  },
  "tokens train": {
    base: ["tokens", "train", "corpus.txt", "--vocab-size", "280", "--out", "trained.json"],
    rows: {
      "--vocab-size": { typed: ["--vocab-size", "290"] },
      "--type": { typed: ["--type", "unigram"] },
      "--pattern": { typed: ["--pattern", "cl100k"] },
      "--special": { typed: ["--special", "<|end|>"] },
      "--keep": { typed: ["--keep", "the cat"] },
      "--min-frequency": { typed: ["--min-frequency", "100000"] },
      "--cased": { beside: ["--type", "wordpiece"], typed: ["--cased"] },
      "--holdout": { typed: ["--holdout", "0.2"] },
      "--sweep": { beside: ["--holdout", "0.2"], typed: ["--sweep", "260,270"] },
      "--terms": { beside: ["--sweep", "260,270"], typed: ["--terms", "many-terms.txt"] },
      "--out": { typed: ["--out", "elsewhere.json"] },
      "--force": { beside: ["--out", "there.json"], typed: ["--force"] },
    },
  },
  "models pull": { base: ["models", "pull", "smollm2-135m-instruct"], rows: { "--from": { typed: ["--from", "tiny.gguf"], refuses: "wrong-size" } } },
  "models list": { base: ["models", "list"], rows: {} },
  "models info": { base: ["models", "info", "tiny", "--json"], rows: { "--verify": { typed: ["--verify"] } } },
  doctor: { base: ["doctor"], rows: { "--online": { typed: ["--online"] }, "--port": { typed: ["--port", "PORT"] } } },
};

/** Of these a run takes minutes: what `test` looks at, and what is served by the very options of another command. */
export const slow = { demo: { test: "demo.test.ts", typed: ["--once", "--model"], as: "view", served: ["--port", "--openai", "--anthropic"] } };
