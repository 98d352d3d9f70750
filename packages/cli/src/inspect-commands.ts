import type { CommandSpec, OptionSpec } from "./command.ts";
import { oneOf, someName, wholeNumber, wholeNumbers } from "./parse-option.ts";

const subject: OptionSpec[] = [
  {
    flags: "--model <name|path>",
    says: "a name that models list shows, or a model's file or folder (default smollm2-135m-instruct; of a call, its own)",
    parse: someName("--model"),
  },
  {
    flags: "--token <token>",
    says: "of a prompt: the next token to ask about, as text (default: the likeliest); of a call: the number of the answer's token (default 0)",
  },
  { flags: "--system <text>", says: "a system message before the prompt" },
  { flags: "--raw", says: "no chat template: the model goes on from the text as it is" },
  { flags: "--bos <when>", says: "begin with the BOS token: auto (default), always, never", parse: oneOf("--bos", ["auto", "always", "never"]) },
  { flags: "--prefill <text>", says: "the beginning of the answer; the token after it is asked about" },
  { flags: "--threads <n>", says: "threads of the engine (default: one for every core)", parse: wholeNumber("--threads", 1, 256) },
];

/** Of views that ask about no token: they show the whole text, of a stored call up to a token. */
const readsAll: OptionSpec[] = subject.map((option) =>
  option.flags.startsWith("--token")
    ? { ...option, says: "of a call: the number of the answer's token before which reading ends (default 0)" }
    : option,
);

const against: OptionSpec = { flags: "--against <text>", says: "explain the difference to this other token" };
const layers: OptionSpec = { flags: "--layers <numbers>", says: "only these, e.g. 0,3,5", parse: wholeNumbers("--layers", 0) };

const input =
  "Input is a prompt, a file with one, - for standard input, or a stored call of a local model (its id, the start of one, latest, latest~1). The network is run in float32.";

/** Looking inside local models; part of the list in `commands.ts`. */
export const inspectCommands: readonly CommandSpec[] = [
  {
    name: "inspect",
    args: "[input]",
    summary: "say from inside a local model why a token came",
    details: `What the token relied on (tried by leaving parts of the prompt out), whether the prompt's end is read, whether attention collapses into the first token, and after which layer the token appears. ${input}`,
    options: subject,
    examples: [
      ["cutaway inspect 'The capital of France is' --raw", "why the likeliest next token is that"],
      ["cutaway inspect 'The capital of France is' --raw --token ' London'", "why another one is not"],
      ["cutaway inspect latest --token 3", "the fourth token of the last answer"],
    ],
    load: () => import("./commands/inspect.ts"),
  },
  {
    name: "inspect attention",
    args: "[input]",
    summary: "show where tokens look: shares, sinks, the patterns of heads",
    details: input,
    options: [
      ...readsAll,
      { ...layers, says: "show the patterns of these layers, e.g. 0,3" },
      { flags: "--heads <numbers>", says: "with --layers: only these heads", parse: wholeNumbers("--heads", 0) },
      {
        flags: "--kind <kind>",
        says: "self (default); of an encoder-decoder also encoder, cross",
        parse: oneOf("--kind", ["self", "encoder", "cross"]),
      },
    ],
    examples: [
      ["cutaway inspect attention 'The capital of France is' --raw", "all heads in numbers"],
      ["cutaway inspect attention latest --layers 5 --heads 0,1", "two patterns, token by token"],
    ],
    load: () => import("./commands/inspect-attention.ts"),
  },
  {
    name: "inspect lens",
    args: "[input]",
    summary: "show what the model would say after each layer (logit lens)",
    details: input,
    options: [...subject, { flags: "--top <n>", says: "with --json: tokens a layer (default 3)", parse: wholeNumber("--top", 3, 100) }],
    examples: [["cutaway inspect lens 'The capital of France is' --raw", "where the answer appears"]],
    load: () => import("./commands/inspect-lens.ts"),
  },
  {
    name: "inspect attribution",
    args: "[input]",
    summary: "show what moved a token's logit: tokens, layers, heads",
    details: input,
    options: [...subject, against],
    examples: [["cutaway inspect attribution 'The capital of France is' --raw --against ' London'", "the one rather than the other"]],
    load: () => import("./commands/inspect-attribution.ts"),
  },
  {
    name: "inspect ablate",
    args: "[input]",
    summary: "take away heads, layers or tokens one by one, and see what the token loses",
    details: input,
    options: [
      ...subject,
      {
        flags: "--of <what>",
        says: "heads, layers (default), or positions: tokens' embeddings",
        parse: oneOf("--of", ["heads", "layers", "positions"]),
      },
      { flags: "--set <what>", says: "in its place zero (default), or mean: over the tokens of this text", parse: oneOf("--set", ["zero", "mean"]) },
      layers,
    ],
    examples: [
      ["cutaway inspect ablate 'The capital of France is' --raw", "each layer's attention and MLP"],
      ["cutaway inspect ablate 'The capital of France is' --raw --of heads --set mean", "all heads"],
    ],
    load: () => import("./commands/inspect-ablate.ts"),
  },
  {
    name: "inspect patch",
    args: "[input]",
    summary: "carry values from one prompt's reading into another's, and see what brings the answer with it",
    details: `Both prompts have the same number of tokens. Shown is how much of the first prompt's answer each value brings to the other. ${input}`,
    options: [
      ...subject,
      { flags: "--corrupted <prompt>", says: "the prompt that values are carried into", parse: someName("--corrupted") },
      { ...against, says: "the token whose logit is taken off (default: the other prompt's answer)" },
      {
        flags: "--of <what>",
        says: "resid (default): the stream before a layer; attention, mlp: what it adds; heads",
        parse: oneOf("--of", ["resid", "attention", "mlp", "heads"]),
      },
      layers,
    ],
    examples: [["cutaway inspect patch 'The capital of France is' --corrupted 'The capital of Italy is' --raw", "where France becomes Paris"]],
    load: () => import("./commands/inspect-patch.ts"),
  },
  {
    name: "inspect norms",
    args: "[input]",
    summary: "show how long the residual stream grows, and what each layer adds to it",
    details: input,
    options: [
      ...readsAll,
      { flags: "--side <side>", says: "of an encoder-decoder: decoder (default), or encoder", parse: oneOf("--side", ["encoder", "decoder"]) },
    ],
    examples: [["cutaway inspect norms 'The capital of France is' --raw", "the first token against the others"]],
    load: () => import("./commands/inspect-norms.ts"),
  },
  {
    name: "inspect routing",
    args: "[input]",
    summary: "show which experts a mixture of experts gave each token to",
    details: input,
    options: [...readsAll, { ...layers, says: "show these layers token by token, e.g. 0,3" }],
    examples: [
      ["cutaway inspect routing 'The capital of France is' --raw --model ./mixtral", "how the layers divide the tokens"],
      ["cutaway inspect routing latest --layers 0,1", "the experts of every token"],
    ],
    load: () => import("./commands/inspect-routing.ts"),
  },
  {
    name: "inspect positions",
    args: "[model]",
    summary: "show how a model tells positions apart: rotations, learned rows, buckets, windows",
    details: "The model is a name that models list shows (default smollm2-135m-instruct), or its file or folder. Nothing is run.",
    options: [],
    examples: [["cutaway inspect positions", "of the default model"]],
    load: () => import("./commands/inspect-positions.ts"),
  },
];
