import { CutawayError, decodeUtf8, type Request, type Tokenizer } from "@cutaway/core";
import type { ContrastiveStep } from "@cutaway/sampling";
import type { Session } from "../session.ts";
import { openModel } from "./open-model.ts";
import { promptOf } from "./prompt-of.ts";
import type { RequestOptions } from "./request-of.ts";

export interface ContrastOptions {
  contrastiveAlpha?: number;
  contrastiveK?: number;
}

export interface Contrasted {
  alpha: number;
  k: number;
  promptTokens: number;
  text: string;
  ending: "stop" | "output-cap";
  steps: (Omit<ContrastiveStep, "candidates"> & { text: string; candidates: (ContrastiveStep["candidates"][number] & { text: string })[] })[];
}

/** Where nobody says how many: each token reads the whole text k times. */
const defaultCap = 32;
const defaultK = 4;

/** What a contrastive search takes beside its own options: which text is read, and how much is written. */
const taken = new Set([
  ...[
    "contrastiveAlpha",
    "contrastiveK",
    "model",
    "threads",
    "system",
    "template",
    "raw",
    "bos",
    "prefill",
    "parseSpecial",
    "contextSize",
    "overflow",
  ],
  ...["maxTokens", "json", "color", "quiet", "store"],
]);

/** Whether a contrastive search is asked for. @throws `option-without-effect` for what it would not look at */
export function asksContrast(options: ContrastOptions & RequestOptions & { store: boolean }): boolean {
  const { contrastiveAlpha, contrastiveK } = options;
  const refuse = (what: string, because: string) =>
    new CutawayError("option-without-effect", `${what} has no effect: ${because}`, { fix: "Leave it out.", data: { parameters: [what] } });
  if (contrastiveAlpha === undefined) {
    if (contrastiveK === undefined) return false;
    throw refuse("--contrastive-k", "without --contrastive-alpha there is no contrastive search");
  }
  if (!(contrastiveAlpha > 0 && contrastiveAlpha <= 1)) {
    throw new CutawayError("invalid-parameter", `--contrastive-alpha is ${contrastiveAlpha}, and must be above 0 and at most 1`, {
      fix: "0 would be greedy: say --temperature 0.",
      data: { parameter: "penalty_alpha", value: contrastiveAlpha },
    });
  }
  const other = Object.entries(options).find(([name, value]) => value !== undefined && !taken.has(name));
  const flag = other && `--${other[0].replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
  if (flag) throw refuse(flag, "a contrastive search draws nothing and runs no stages; it takes the best of its candidates, in float32");
  if (!options.store) throw refuse("--no-store", "a search is no call, and is not kept");
  return true;
}

/** A contrastive search over the model in float32, whose states are seen. @throws what the search and the network refuse */
export async function contrast(
  named: string,
  request: Request,
  { contrastiveAlpha: alpha = 0, contrastiveK: k = defaultK, threads }: ContrastOptions & { threads?: number },
  session: Session,
): Promise<Contrasted> {
  const { contextSize } = request.local ?? {};
  const model = await openModel(named, { threads: 1, contextSize }, session);
  const { tokenizer } = model.tokenizer ?? {};
  const { specials, decoderStart, contextSize: room } = model.info;
  const prompt = await promptOf(model, request, session.interrupted).finally(() => model.close());
  if (!tokenizer || decoderStart) {
    throw new CutawayError("unsupported-model", `${named}: a contrastive search is made with decoders`, { fix: "Leave --contrastive-alpha out." });
  }
  const ends = new Set(specials.ends.map(({ id }) => id as number));
  const found = await searched(
    named,
    prompt.map(({ id }) => id as number),
    { alpha, k, ends, room, threads, cap: request.parameters.maxOutputTokens },
    session,
  );
  const textOf = textsOf(tokenizer, ends);
  return {
    alpha,
    k,
    promptTokens: prompt.length,
    text: textOf(found.map(({ id }) => id)),
    ending: ends.has(found.at(-1)?.id ?? -1) ? "stop" : "output-cap",
    steps: found.map((step) => ({
      ...step,
      text: textOf([step.id]),
      candidates: step.candidates.map((candidate) => ({ ...candidate, text: textOf([candidate.id]) })),
    })),
  };
}

interface Search {
  alpha: number;
  k: number;
  ends: ReadonlySet<number>;
  room: number;
  threads: number | undefined;
  cap: number | undefined;
}

async function searched(
  named: string,
  prompt: number[],
  { alpha, k, ends, room, threads, cap }: Search,
  session: Session,
): Promise<ContrastiveStep[]> {
  const [{ findModel }, { hiddenStepper, openModelInside }, { contrastiveSearch }] = await Promise.all([
    import("@cutaway/runtime/models"),
    import("@cutaway/runtime/inspect"),
    import("@cutaway/sampling"),
  ]);
  session.out.status("searching");
  const { path } = await findModel(named, { env: session.env, signal: session.interrupted });
  const inside = openModelInside(path, threads === undefined ? {} : { threads });
  try {
    const maxNewTokens = Math.max(1, Math.min(cap ?? defaultCap, room - prompt.length));
    return await contrastiveSearch(hiddenStepper(inside, room), prompt, { k, alpha, maxNewTokens, ends, signal: session.interrupted });
  } finally {
    inside.close();
    session.out.status(undefined);
  }
}

const textsOf = (tokenizer: Tokenizer, ends: ReadonlySet<number>) => (ids: readonly number[]) =>
  decodeUtf8(tokenizer.decodeBytes(ids.filter((id) => !ends.has(id))));
