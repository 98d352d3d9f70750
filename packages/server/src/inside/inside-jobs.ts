import { availableParallelism } from "node:os";
import { CutawayError, plain, type TokenId } from "@cutaway/core";
import {
  attributeInput,
  attributeLogit,
  describeNetwork,
  describePositions,
  type LensRow,
  logitLens,
  type OpenModel,
  openModelInside,
} from "@cutaway/runtime/inspect";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { frame } from "../frame.ts";
import { type AttentionKept, attentionOf, headOf, overviewOf } from "./attention-patterns.ts";
import type { InsideAsk } from "./inside-ask.ts";
import { type ReadText, readText } from "./read-text.ts";
import type { Subject } from "./subject.ts";

/** A question about the inside of a model that reads a text. */
export interface InsideJob {
  subject: Subject;
  ask: InsideAsk;
}

/** The model looked into last, and what it made of the text read last. */
let opened: { path: string; model: OpenModel } | undefined;
let kept: { key: string; attention: AttentionKept } | undefined;

/** @throws what opening the model throws, `too-many-tokens`, `no-such-token`, `no-such-head`, `no-next-token` */
export async function runInsideJob({ subject, ask }: InsideJob): Promise<Uint8Array<ArrayBuffer>> {
  if (ask.kind === "network") return json({ schema: "cutaway/network", version: 1, ...describeNetwork(subject.path) });
  if (ask.kind === "positions") return json({ schema: "cutaway/positions", version: 1, ...describePositions(subject.path) });
  const text = await readText(subject);
  if (ask.kind === "tokens") return json({ schema: "cutaway/inside-tokens", version: 1, ...(await tokensJson(subject.path, text)) });
  const model = modelAt(subject.path);
  switch (ask.kind) {
    case "attention": {
      const attention = attentionFor(model, subject.path, text);
      return ask.head === undefined ? frame(...overviewOf(attention)) : frame(...headOf(attention, ask.side, ask.layer ?? 0, ask.head));
    }
    case "lens":
      return json(await lens(model, subject.path, text, ask.from, ask.to));
    case "attribution":
      return json(attribution(model, text, ask.token, ask.against));
  }
}

function modelAt(path: string): OpenModel {
  if (opened?.path !== path) {
    opened?.model.close();
    opened = undefined;
    kept = undefined;
    opened = { path, model: openModelInside(path, { threads: availableParallelism() }) };
  }
  return opened.model;
}

function attentionFor(model: OpenModel, path: string, { reading }: ReadText): AttentionKept {
  const key = JSON.stringify([path, reading]);
  if (kept?.key !== key) {
    kept = undefined;
    kept = { key, attention: attentionOf(model, reading) };
  }
  return kept.attention;
}

async function tokensJson(path: string, { reading, prompt }: ReadText) {
  const tokenizer = await loadTokenizer(path);
  const told = (ids: readonly number[]) => ids.map((id) => ({ id, bytes: plain(tokenizer.bytesOf(id as TokenId) ?? new Uint8Array()) }));
  return { prompt, tokens: told(reading.ids), ...(reading.source && { source: told(reading.source) }) };
}

/** Of each position what the model says next, and what in fact stands there. */
async function lens(model: OpenModel, path: string, { reading: { ids, source } }: ReadText, from: number, to: number) {
  refuseEncoder(model);
  if (to > ids.length) throw noSuchToken(to - 1, ids.length);
  const positions = Array.from({ length: to - from }, (_, i) => from + i);
  // After the last token nothing was said.
  const follow = positions.map((position) => ids[position + 1]);
  const rows = logitLens(model, { ids, ...(source && { source }) }, { positions, top: 5, follow });
  return { schema: "cutaway/lens", version: 1, from, to, rows, texts: await textsOf(path, rows) };
}

/** The bytes of every token that occurs, by id. */
async function textsOf(path: string, rows: readonly LensRow[]) {
  const tokenizer = await loadTokenizer(path);
  const ids = new Set(
    rows.flatMap(({ cells }) => cells.flatMap(({ top, answer, followed }) => [...top, answer, ...(followed ? [followed] : [])].map(({ id }) => id))),
  );
  return Object.fromEntries(Array.from(ids, (id) => [id, plain(tokenizer.bytesOf(id as TokenId) ?? new Uint8Array())]));
}

/** Why the model said the token at a place of the text: from the prompt's tokens, and from its own parts. */
function attribution(model: OpenModel, { reading }: ReadText, token: number, against: number | undefined) {
  refuseEncoder(model);
  const { ids, source } = reading;
  const id = ids[token];
  if (id === undefined || token === 0) throw noSuchToken(token, ids.length);
  const { vocabSize } = model.dimensions;
  if (against !== undefined && against >= vocabSize)
    throw new CutawayError("no-such-token", `the vocabulary has ${vocabSize} tokens, and no id ${against}`);
  const target = { position: token - 1, token: id, ...(against !== undefined && { against }) };
  // What comes after the place has no part in it, and is not read.
  const before = { ids: ids.slice(0, token), ...(source && { source }) };
  return {
    schema: "cutaway/attribution",
    version: 1,
    ...target,
    input: attributeInput(model, before, target),
    logit: attributeLogit(model, before, target),
  };
}

function refuseEncoder({ architecture, file }: OpenModel): void {
  if (architecture.kind !== "encoder") return;
  throw new CutawayError("no-next-token", `${file.replace(/^.*[/\\]/, "")} is an encoder: it does not say a next token`, {
    fix: "Look at its attention; lens and attribution are about a token that a model says.",
  });
}

const noSuchToken = (token: number, count: number) =>
  new CutawayError("no-such-token", `the text has ${count} tokens; ${token} is none that another stands before`);

const json = (value: object): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));
