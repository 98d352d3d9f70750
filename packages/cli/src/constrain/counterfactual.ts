import { type Answer, type Call, CutawayError, type TokenStep } from "@cutaway/core";
import { type AskedLanguage, askedLanguage, compileLanguage, createGrammar, distortionOf, type Grammar, withoutKeyword } from "@cutaway/grammar";
import type { LocalModel } from "@cutaway/runtime";
import { product } from "../render/held.ts";
import { chance } from "../render/inside/chance.ts";
import { tokenText } from "../render/tokens.ts";
import { blank, dim, type Line, line, strong } from "../terminal/line.ts";
import { table } from "../terminal/table.ts";

/** A recorded answer under its schema and under the same without one keyword. */
export interface Counterfactual {
  pointer: string;
  keyword: string;
  /** Natural logs of the products of what the masks keep. */
  logMass: number;
  logMassWithout: number;
  steps: { index: number; kept: number; keptWithout: number }[];
}

/** `/properties/name maxLength`, `/ required`. @throws `bad-option` */
export function placeOf(text: string): { pointer: string; keyword: string } {
  const found = /^(\/\S*)\s+(\S+)$/.exec(text.trim());
  if (!found) {
    throw new CutawayError("bad-option", `--without ${text}: a place of the schema and a keyword are asked for`, {
      fix: "Write it as the report does, e.g. --without '/properties/name maxLength'.",
    });
  }
  const [, pointer = "", keyword = ""] = found;
  return { pointer: pointer === "/" ? "" : pointer, keyword };
}

/** What is reported of a call that can be asked so. @throws `not-from-a-schema`, `no-such-keyword` */
export function grammarsOf(
  call: Call,
  { pointer, keyword }: { pointer: string; keyword: string },
  model: LocalModel,
): { held: Grammar; without: Grammar } {
  const asked = call.request && askedLanguage(call.request);
  if (asked?.source.kind !== "json-schema") {
    throw new CutawayError("not-from-a-schema", "only a schema has keywords that can be left out", { fix: "Name a call that was held to a schema." });
  }
  if (call.local?.decoderStart)
    throw new CutawayError("not-a-decoder", "an encoder–decoder cannot be stepped through again here", { fix: "Name a call of a decoder." });
  const changed: AskedLanguage = {
    ...asked,
    source: { kind: "json-schema", schema: withoutKeyword(asked.source.schema, pointer, keyword) as never },
  };
  return { held: grammarOf(asked, model), without: grammarOf(changed, model) };
}

/** The language that is asked for, over the tokens of the model. */
export function grammarOf({ source, whitespace, propertyOrder, checkAfter, after }: AskedLanguage, { info, tokenizer }: LocalModel): Grammar {
  if (!tokenizer) throw new CutawayError("no-tokenizer", "the model has no tokenizer", { kind: "internal" });
  const tokens = tokenizer.tokenizer;
  const language = compileLanguage(source, {
    whitespace,
    propertyOrder,
    ...(checkAfter && { checkAfter }),
    ...(after !== undefined && { after }),
    tokenId: (text) => tokens.specialTokens.get(text),
  });
  return createGrammar(tokens, language, { ends: info.specials.ends.map(({ id }) => id as number), vocabSize: info.vocabSize });
}

/** Reads prompt and answer again, token by token, and lays both masks on the model's own logits. `isStopped` is asked before each token. */
export async function counterfactual(
  call: Call,
  answer: Answer,
  place: { pointer: string; keyword: string },
  model: LocalModel,
  progress: (done: number, of: number) => void,
  isStopped: () => boolean,
): Promise<Counterfactual> {
  const { held, without } = grammarsOf(call, place, model);
  const steps = answer.steps ?? [];
  const given = steps.filter(({ forced }) => forced === "prefill");
  const written = steps.slice(given.length);
  let [at, other] = [held.start(), without.start()];
  for (const { id } of given) [at, other] = [at.accept(id as number), other.accept(id as number)];
  const found: Counterfactual = { ...place, logMass: 0, logMassWithout: 0, steps: [] };
  const stepper = await model.stepper();
  try {
    let logits = await stepper.feed((call.prompt ?? []).map(({ id }) => id as number));
    for (const [index, { id }] of written.entries()) {
      if (isStopped() || id === undefined) break;
      progress(index, written.length);
      const [{ kept, divergence }, changed] = [distortionOf(logits, at.mask(), 0), distortionOf(logits, other.mask(), 0)];
      found.logMass -= divergence;
      found.logMassWithout -= changed.divergence;
      found.steps.push({ index: index + given.length, kept, keptWithout: changed.kept });
      if (!other.allows(id)) break;
      [at, other] = [at.accept(id), other.accept(id)];
      if (index < written.length - 1) logits = await stepper.feed([id]);
    }
    return found;
  } finally {
    stepper.close();
  }
}

const mostRows = 8;

export function renderCounterfactual(
  { pointer, keyword, logMass, logMassWithout, steps: masked }: Counterfactual,
  steps: readonly TokenStep[],
  width: number,
): Line[] {
  const back = logMassWithout - logMass;
  const gained = masked
    .filter(({ kept, keptWithout }) => keptWithout - kept > 0.0005)
    .toSorted((a, b) => Math.log(b.keptWithout / b.kept) - Math.log(a.keptWithout / a.kept))
    .slice(0, mostRows);
  return [
    line(strong(`without “${keyword}” at ${pointer || "/"}`)),
    line(`  with it     ${product(logMass)}`, dim(` (${(-logMass || 0).toFixed(2)} nats lost)`)),
    line(
      `  without it  ${product(logMassWithout)}`,
      dim(` (${(-logMassWithout || 0).toFixed(2)} nats lost, ${Math.abs(back) < 0.005 ? "nothing comes back" : `${back.toFixed(2)} come back`})`),
    ),
    ...(gained.length === 0
      ? []
      : [
          blank,
          ...table(
            [
              { header: "#", align: "right" },
              { header: "written", least: 8 },
              { header: "kept with it", align: "right" },
              { header: "without it", align: "right" },
            ],
            gained.map(({ index, kept, keptWithout }) => [
              dim(String(index)),
              tokenText(steps[index]?.bytes ?? new Uint8Array()) || "(end)",
              chance(Math.log(kept)),
              chance(Math.log(keptWithout)),
            ]),
            width,
          ),
        ]),
  ];
}
