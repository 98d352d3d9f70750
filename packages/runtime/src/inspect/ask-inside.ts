import { type Activation, type Activations, CutawayError, type InsideRequest, type InsideToken, type Intervention, type Probe } from "@cutaway/core";
import { OpenNetwork } from "../open/open-network.ts";
import type { Values } from "../open/open-runner.ts";
import type { Vocabulary } from "../ready-model.ts";
import { type Ablation, type AblationOf, ablate } from "./ablation.ts";
import { type AttentionKind, attentionReport, eachPattern } from "./attention.ts";
import type { HeadReport, TokenGroup } from "./attention-report.ts";
import { attributeInput, attributeLogit, type InputAttribution, type LogitAttribution } from "./attribution.ts";
import { changesOf, hooksLike, meanOverTokens, rowOf } from "./changes.ts";
import { type LensRow, logitLens } from "./lens.ts";
import type { OpenModel } from "./open-model.ts";
import type { Pace } from "./pace.ts";
import { type Patching, type PatchOf, patch } from "./patching.ts";
import { type PositionReport, positionReport } from "./positions.ts";
import { tailOf } from "./prompt-units.ts";
import { readHooks } from "./read-hooks.ts";
import { type ReadRequest, readRequest } from "./read-request.ts";
import { type LayerNorms, residualNorms } from "./residual-norms.ts";
import { type LayerRouting, routing } from "./routing.ts";
import { baseOutcome, likeliest } from "./target.ts";
import { reportToken, type TokenReport } from "./token-report.ts";

/** What a model can be asked about its inside, by the view that shows the answer. Tokens are asked about after the last one that is read. */
export interface InsideQuestions {
  token: { token?: number };
  attention: { kind?: AttentionKind; layers?: readonly number[]; heads?: readonly number[] };
  lens: { positions?: readonly number[]; top?: number; token?: number };
  attribution: { token?: number; against?: number };
  ablation: { token?: number; against?: number; of: AblationOf; set?: "zero" | "mean"; layers?: readonly number[] };
  patching: { corrupted: InsideRequest; token: number; against: number; of: PatchOf; layers?: readonly number[] };
  positions: Record<never, never>;
  norms: { side?: "encoder" | "decoder" };
  routing: { layers?: readonly number[] };
  probe: { probes: readonly Probe[]; interventions: readonly Intervention[] };
}

export interface InsideAnswers {
  token: TokenReport;
  attention: {
    /** Every head in numbers, of a model's own attention; the groups are the prompt's segments. */
    report?: HeadReport[];
    groups: TokenGroup[];
    tail: number;
    /** Of the layers and heads that were asked for, [queries, keys] row by row; their mean where a layer has none asked for. */
    patterns: { layer: number; head: number; queries: number; keys: number; data: Float32Array }[];
    /** By key: the share of all heads' attention at the last token. */
    last: number[];
  };
  lens: { rows: LensRow[] };
  attribution: { token: number; against?: number; logprob: number; input: InputAttribution; logit: LogitAttribution };
  ablation: Ablation;
  patching: Patching & { corruptedTokens: InsideToken[] };
  positions: PositionReport;
  norms: { layers: LayerNorms[] };
  routing: { layers: LayerRouting[] };
  probe: Activations;
}

export type View = keyof InsideQuestions;
/** What was read besides what was found. */
export type InsideAnswer<Of extends View> = InsideAnswers[Of] & { tokens: InsideToken[]; source?: InsideToken[] };

/** What some questions are limited to. */
interface Selection {
  layers?: readonly number[];
  heads?: readonly number[];
  kind?: AttentionKind;
  side?: "encoder" | "decoder";
}

/** @throws `out-of-range`, for layers and heads that the model does not have; `option-without-effect`, for a side of a model that has none */
function requireWithin({ dimensions, architecture }: OpenModel, { layers = [], heads = [], kind, side }: Selection): void {
  const check = (numbers: readonly number[], count: number, what: string) => {
    const wrong = numbers.find((number) => !Number.isInteger(number) || number < 0 || number >= count);
    if (wrong === undefined) return;
    throw new CutawayError("out-of-range", `there is no ${what} ${wrong}: the model's are 0 to ${count - 1}`, { data: { [what]: wrong, count } });
  };
  check(layers, kind === "encoder" ? (dimensions.encoderLayers ?? dimensions.layers) : dimensions.layers, "layer");
  check(heads, dimensions.heads, "head");
  if (architecture.kind === "encoder-decoder") return;
  if (side !== undefined) {
    throw new CutawayError("option-without-effect", "the model is no encoder–decoder: its stream has no two sides", { fix: "Leave the side out." });
  }
  if (kind === undefined || kind === "self") return;
  throw new CutawayError("option-without-effect", `the model is no encoder–decoder: it has no ${kind} attention of its own`, {
    fix: "Leave the kind out.",
  });
}

type Answering = { [Of in View]: (at: Looking, question: InsideQuestions[Of]) => Promise<InsideAnswers[Of]> | InsideAnswers[Of] };

interface Looking {
  model: OpenModel;
  vocabulary: Vocabulary;
  read: ReadRequest;
  pace: Pace;
}

export async function askInside<Of extends View>(
  view: Of,
  request: InsideRequest,
  question: InsideQuestions[Of],
  { model, vocabulary, pace }: Omit<Looking, "read">,
): Promise<InsideAnswer<Of>> {
  const read = readRequest(request, vocabulary);
  requireWithin(model, question as Selection);
  const answer = await answering[view]({ model, vocabulary, read, pace }, question);
  return { tokens: read.tokens, ...(read.source && { source: read.source }), ...answer };
}

const answering: Answering = {
  token: ({ model, read, pace }, { token }) => reportToken(model, read, token, pace),

  async attention({ model, read, pace }, { kind = "self", layers, heads }) {
    const { reading, tokens, source } = read;
    const position = reading.ids.length - 1;
    const groups = segmentsOf(tokens);
    const tailUnit = tailOf(source ?? tokens);
    const tail = tailUnit ? tailUnit.end - tailUnit.start : 1;
    const report = kind === "self" ? await attentionReport(model, reading, { ids: reading.ids, position, tail, groups }, pace) : undefined;
    const patterns: InsideAnswers["attention"]["patterns"] = [];
    let last: number[] = [];
    let headsRead = 0;
    await eachPattern(model, reading, { kind, layers, pace }, (layer, { shape: [, count = 0, queries = 0, keys = 0], data }) => {
      if (last.length === 0) last = new Array<number>(keys).fill(0);
      for (let head = 0; head < count; head++) {
        const pattern = data.subarray(head * queries * keys, (head + 1) * queries * keys);
        headsRead++;
        for (let key = 0; key < keys; key++) last[key] = (last[key] as number) + (pattern[(queries - 1) * keys + key] as number);
        if (layers && (heads?.includes(head) ?? true)) patterns.push({ layer, head, queries, keys, data: pattern.slice() });
      }
    });
    return { ...(report && { report }), groups, tail, patterns, last: last.map((share) => share / headsRead) };
  },

  lens({ model, read }, { positions, top, token }) {
    const at = positions ?? [read.reading.ids.length - 1];
    return {
      rows: logitLens(model, read.reading, {
        positions: at,
        ...(top !== undefined && { top }),
        ...(token !== undefined && { follow: at.map(() => token) }),
      }),
    };
  },

  async attribution({ model, read: { reading }, pace }, { token, against }) {
    const position = reading.ids.length - 1;
    const asked = token ?? likeliest(model, reading);
    const { logprob } = baseOutcome(model, reading, { position, token: asked });
    const target = { position, token: asked, ...(against !== undefined && { against }) };
    await pace(0, 2, "tracing the logit back to the prompt");
    const input = attributeInput(model, reading, target);
    await pace(1, 2, "adding up what each layer gave");
    return { token: asked, ...(against !== undefined && { against }), logprob, input, logit: attributeLogit(model, reading, target) };
  },

  ablation({ model, read: { reading }, pace }, { token, against, of, set, layers }) {
    const asked = token ?? likeliest(model, reading);
    const target = { position: reading.ids.length - 1, token: asked, ...(against !== undefined && { against }) };
    return ablate(model, reading, target, { of, pace, ...(set && { set }), ...(layers && { layers }) });
  },

  async patching({ model, vocabulary, read: { reading }, pace }, { corrupted, token, against, of, layers }) {
    const other = readRequest(corrupted, vocabulary);
    const target = { position: reading.ids.length - 1, token, against };
    const found = await patch(model, { clean: reading, corrupted: other.reading }, target, { of, pace, ...(layers && { layers }) });
    return { ...found, corruptedTokens: other.source ?? other.tokens };
  },

  positions: ({ model }) => positionReport(model),
  norms: ({ model, read: { reading } }, { side }) => ({ layers: residualNorms(model, reading, side) }),
  routing: ({ model, read: { reading } }, { layers }) => ({ layers: routing(model, reading).filter(({ layer }) => layers?.includes(layer) ?? true) }),
  probe: ({ model, read }, { probes, interventions }) => probeModel(model, read, probes, interventions),
};

/** Values at hooks while some are changed. What is not changed stays as it is without any change, to the last bit. */
export function probeModel(
  model: OpenModel,
  { reading, tokens, source }: ReadRequest,
  probes: readonly Probe[],
  interventions: readonly Intervention[],
): Activations {
  const network = new OpenNetwork(model.checkpoint, { weightsAsInputs: true });
  model.architecture.build(network, model.config);
  const wanted = probes.flatMap(({ hook, heads }) => hooksLike(hook, network).map((name) => ({ hook: name, heads })));
  const changing = interventions.flatMap((change) => hooksLike(change.hook, network).map((hook) => ({ ...change, hook })));
  const means = changing.filter(({ set }) => set === "mean").map(({ hook }) => hook);
  const unchanged = means.length > 0 ? readHooks(model, reading, means) : new Map<string, Values>();
  const hooks = [...new Set(changing.map(({ hook }) => hook))];
  const { plan, given } = changesOf(model, reading, hooks, [rowOf(changing, (hook) => meanOverTokens(unchanged.get(hook) as Values))]);
  const names = new Set(wanted.map(({ hook }) => hook));
  const isEncoder = model.architecture.kind === "encoder";
  const answer = model.run(
    {
      key: `probe ${[...names].join()} ${JSON.stringify([...plan])}`,
      plan: { isProbed: (hook) => names.has(hook), changes: plan },
      asked: isEncoder ? [] : [reading.ids.length - 1],
      outputs: (_, out) => ({ logits: isEncoder ? undefined : out }),
    },
    reading,
    given,
  );
  const { logits } = answer.outputs;
  return {
    tokens,
    ...(source && { source }),
    values: wanted.map(({ hook, heads }) => activationOf(hook, answer.hooks.get(hook) as Values, heads)),
    ...(logits && { logits: logits.data }),
  };
}

/** Without the batch's axis; of some heads only, where the value is there once a head. */
function activationOf(hook: string, { shape, data }: Values, heads: readonly number[] | undefined): Activation {
  const own = shape.slice(1);
  if (!heads) return { hook, shape: own, data };
  const axis = /hook_(pattern|attn_scores)$/.test(hook) ? 0 : 1;
  const [first = 1, second = 1, third = 1] = own;
  const count = heads.length;
  const picked = new Float32Array((data.length / (own[axis] as number)) * count);
  if (axis === 0)
    for (const [at, head] of heads.entries()) picked.set(data.subarray(head * second * third, (head + 1) * second * third), at * second * third);
  else
    for (let token = 0; token < first; token++)
      for (const [at, head] of heads.entries())
        picked.set(data.subarray((token * second + head) * third, (token * second + head + 1) * third), (token * count + at) * third);
  return { hook, shape: own.with(axis, count), data: picked };
}

/** The prompt's segments in the order of their first tokens. */
function segmentsOf(tokens: readonly InsideToken[]): TokenGroup[] {
  const groups = Map.groupBy(tokens.entries(), ([, { segment }]) => segment);
  return [...groups].map(([name, members]) => ({ name, positions: members.map(([at]) => at) }));
}
