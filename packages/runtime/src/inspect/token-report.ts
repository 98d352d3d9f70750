import { CutawayError, type InsideToken } from "@cutaway/core";
import { attentionReport } from "./attention.ts";
import { attributeInput } from "./attribution.ts";
import { type Deletion, deleteUnits } from "./deletion.ts";
import { logitLens } from "./lens.ts";
import { largest, rankOf } from "./next-token.ts";
import type { OpenModel } from "./open-model.ts";
import { type Pace, unhurried } from "./pace.ts";
import { couldBeLeftOut, type NamedUnit, promptUnits, tailOf } from "./prompt-units.ts";
import type { ReadRequest } from "./read-request.ts";
import { likeliest } from "./target.ts";
import { type Verdict, verdictsOf } from "./verdicts.ts";

/** Why one token came after what was read: figures of several views, and what they say together. */
export interface TokenReport extends TokenFigures {
  verdicts: Verdict[];
}

export interface TokenFigures {
  /** What could be relied on: the prompt and the answer so far; of an encoder–decoder the encoder's text. */
  tokens: InsideToken[];
  target: { id: number; logprob: number; rank: number; against: number; top: { id: number; logprob: number }[] };
  /** By part of the prompt. `gradient`: gradient × input of the target's logit less the best other's, summed; `share` of all parts' sizes. */
  parts: (NamedUnit & Deletion & { gradient: number; share: number })[];
  /** The end of the prompt's last text; absent where there is no text. `attention`: its share of all heads' attention at the asked token. */
  tail?: NamedUnit & Deletion & { attention: number };
  /** Of the asked token, over all heads: the mean share that goes to the first token, and how many heads give it more than half. Absent for an encoder–decoder. */
  sink?: { share: number; heads: number; of: number };
  /** `appears`: the first layer after which the target is among the five likeliest; `stays`: from which on it is the likeliest to the end. −1: the embeddings. */
  lens: { layers: number; appears?: number; stays?: number; rows: { layer: number; rank: number; logprob: number }[] };
}

/** @throws `no-next-token` for an encoder */
export async function reportToken(
  model: OpenModel,
  { reading, tokens, source }: ReadRequest,
  token: number | undefined,
  pace: Pace = unhurried,
): Promise<TokenReport> {
  if (model.architecture.kind === "encoder") {
    throw new CutawayError("no-next-token", `${model.file} is an encoder: it predicts no next token`, { fix: "Look at its attention instead." });
  }
  const read = source ?? tokens;
  const position = reading.ids.length - 1;
  const optional = couldBeLeftOut(read, !source);
  const units = promptUnits(optional);
  const tail = tailOf(optional);
  const asked = token ?? likeliest(model, reading);
  const { base, units: deleted } = await deleteUnits(model, reading, asked, tail ? [...units, tail] : units, pace);
  const top = largest(base.logprobs, 6);
  const against = top.find(({ id }) => id !== asked)?.id ?? asked;

  await pace(0, 1, "tracing the logit back");
  const { scores } = attributeInput(model, reading, { position, token: asked, against });
  const gradients = units.map(({ start, end }) => scores.slice(start, end).reduce((sum, score) => sum + score, 0));
  const size = gradients.reduce((sum, gradient) => sum + Math.abs(gradient), 0);

  await pace(0, 1, "reading the layers");
  const lens = lensFigures(model, reading, position, asked);
  const attention = source ? undefined : await attentionFigures(model, reading.ids, position, tail, pace);
  const figures: TokenFigures = {
    tokens: read,
    target: { id: asked, logprob: base.logprob, rank: rankOf(base.logprobs, asked), against, top: top.slice(0, 5) },
    parts: units.map((unit, at) => {
      const gradient = gradients[at] as number;
      return { ...unit, ...(deleted[at] as Deletion), gradient, share: size > 0 ? Math.abs(gradient) / size : 0 };
    }),
    ...(tail && { tail: { ...tail, ...(deleted.at(-1) as Deletion), attention: attention?.tail ?? Number.NaN } }),
    ...(attention && { sink: attention.sink }),
    lens,
  };
  return { ...figures, verdicts: verdictsOf(figures) };
}

function lensFigures(model: OpenModel, reading: ReadRequest["reading"], position: number, token: number): TokenFigures["lens"] {
  const rows = logitLens(model, reading, { positions: [position], top: 1, follow: [token] }).map(({ layer, cells: [cell] }) => ({
    layer,
    rank: cell?.followed?.rank as number,
    logprob: cell?.followed?.logprob as number,
  }));
  const appears = rows.find(({ rank }) => rank < 5)?.layer;
  const lastOther = rows.findLastIndex(({ rank }) => rank > 0);
  const stays = rows[lastOther + 1]?.layer;
  return { layers: model.dimensions.layers, ...(appears !== undefined && { appears }), ...(stays !== undefined && { stays }), rows };
}

async function attentionFigures(model: OpenModel, ids: readonly number[], position: number, tail: NamedUnit | undefined, pace: Pace) {
  const inTail = tail ? Array.from({ length: tail.end - tail.start }, (_, at) => tail.start + at) : [];
  const heads = await attentionReport(model, { ids }, { ids, position, tail: 1, groups: [{ name: "tail", positions: inTail }] }, pace);
  const mean = (of: (head: (typeof heads)[number]) => number) => heads.reduce((sum, head) => sum + of(head), 0) / heads.length;
  return {
    sink: { share: mean(({ asked }) => asked.sink), heads: heads.filter(({ asked }) => asked.sink > 0.5).length, of: heads.length },
    tail: mean(({ asked }) => asked.groups[0] as number),
  };
}
