import { CutawayError, decodeUtf8, type HeldAnswer, type MaskReason, type PromptToken, type TokenStep } from "@cutaway/core";
import type { GrammarState } from "@cutaway/grammar";
import type { Choice } from "@cutaway/sampling";
import type { ReadyLanguage } from "./ready-language.ts";

/** One answer on its way through its language. */
export interface HeldWriter {
  /**
   * What may come next; undefined where the answer is whole and nothing can follow, not even a token that ends it.
   * @throws `no-token-fits` where the vocabulary has no token for what has to come
   */
  mask(): Uint32Array | undefined;
  /** Tokens that are forced and need not be asked for; always none where the language is not to be fast-forwarded. */
  unasked(): readonly number[];
  /** Takes one of them. */
  write(id: number): void;
  /** Takes what was chosen under the mask. @returns what the step has to say of it */
  take(choice: Choice): { forced?: "grammar"; reasons: Map<number, MaskReason> };
  /** @param isCut  a stop sequence took bytes of the answer away */
  outcome(isCut: boolean): HeldAnswer;
}

/** The name of the stage that lays the mask on. */
const stageName = "grammar";

/** begun  the answer's first tokens, which the caller gave, and where the language stands after them. */
export function holdAnswer(language: ReadyLanguage, begun: Begun): HeldWriter {
  const { ends, explain, fastForward } = language;
  let { at } = begun;
  const ids = [...begun.ids];
  const counts = { steps: 0, forced: 0, unasked: 0 };
  let kl = 0;
  /** Allowed tokens at the present place, up to 2 counted. */
  let allowed = 0;

  const accept = (id: number) => {
    if (ends.has(id)) return;
    ids.push(id);
    at = at.accept(id);
  };

  return {
    mask() {
      const mask = at.mask();
      allowed = countUpToTwo(mask);
      return allowed > 0 ? mask : undefined;
    },
    unasked: () => (fastForward ? language.forcedTokens(at).ids : []),
    write(id) {
      counts.unasked++;
      accept(id);
    },
    take(choice) {
      counts.steps++;
      const isForced = allowed === 1;
      if (isForced) counts.forced++;
      kl += choice.stages.find(({ stage }) => stage === stageName)?.kl ?? 0;
      const reasons = new Map<number, MaskReason>();
      for (const { id, removedBy } of choice.top) if (removedBy === stageName) reasons.set(id, explain(at, id));
      accept(choice.id);
      return { ...(isForced && { forced: "grammar" as const }), reasons };
    },
    outcome(isCut) {
      const complete = !isCut && at.complete;
      const canonical = isCut ? undefined : language.isCanonical(ids);
      const broken = complete ? language.check?.(ids) : undefined;
      return {
        complete,
        ...(counts.unasked === 0 && { logMass: kl === 0 ? 0 : -kl }),
        ...counts,
        ...(canonical !== undefined && { canonical }),
        ...(broken && { broken }),
      };
    },
  };
}

export interface Begun {
  ids: readonly number[];
  at: GrammarState;
}

/** @throws `prefill-not-allowed` */
export function beginWith(language: ReadyLanguage, prefill: readonly Pick<PromptToken, "id" | "bytes">[]): Begun {
  let at = language.start;
  let read = 0;
  const ids = prefill.map(({ id }) => id as number);
  for (const [index, id] of ids.entries()) {
    const { bytes } = prefill[index] as PromptToken;
    if (!at.allows(id)) {
      const { expected } = language.explain(at, id);
      throw new CutawayError("prefill-not-allowed", `the answer cannot begin with its prefill: after ${read} bytes of it ${expected} has to come`, {
        fix: "Give a prefill that the language can begin with, or leave it out.",
        data: { parameter: "local.prefill", bytes: read, text: decodeUtf8(bytes) },
      });
    }
    at = at.accept(id);
    read += bytes.length;
  }
  return { ids, at };
}

function countUpToTwo(mask: Uint32Array): number {
  let count = 0;
  for (const word of mask) {
    if (word === 0) continue;
    count += (word & (word - 1)) === 0 ? 1 : 2;
    if (count > 1) return 2;
  }
  return count;
}

/** The step with what the mask has to say of it. */
export function withReasons<Step extends TokenStep>(step: Step, { forced, reasons }: ReturnType<HeldWriter["take"]>): Step {
  return {
    ...step,
    ...(forced && { forced }),
    ...(step.top && {
      top: step.top.map((alternative) => {
        const because = reasons.get(alternative.id as number);
        return because ? { ...alternative, because } : alternative;
      }),
    }),
  };
}
