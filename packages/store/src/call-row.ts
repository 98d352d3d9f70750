import type { SQLInputValue, SQLOutputValue } from "node:sqlite";
import { type Call, type CallId, durationsOf } from "@cutaway/core";
import { previewOf } from "./preview.ts";
import type { CallRow } from "./store.ts";

/** The columns of `calls` that are told by the call itself, for named parameters. */
export function columnsOf(call: Call): Record<string, SQLInputValue> {
  const durations = durationsOf(call);
  return {
    id: call.id,
    issued: call.instants.issued ?? null,
    created: wholeNumber(call.response?.created === undefined ? undefined : call.response.created * 1_000),
    provider: call.model.provider ?? null,
    model: call.model.asked ?? call.model.served ?? null,
    format: call.format ?? null,
    origin: call.origin.kind,
    status: wholeNumber(call.response?.status ?? call.error?.status),
    finish: JSON.stringify(call.answers.map((answer) => answer.finish.reason)),
    ending: call.ending,
    input_tokens: wholeNumber(call.usage.inputTokens),
    output_tokens: wholeNumber(call.usage.outputTokens),
    ttft: durations.ttft ?? null,
    total: durations.total ?? null,
    preview: previewOf(call),
    parent: call.parent ?? null,
    error: call.error?.kind ?? null,
    session: call.trace?.session ?? null,
    request_hash: call.bodies?.request ?? null,
    response_hash: call.bodies?.response ?? null,
  };
}

export function rowOf(columns: Record<string, SQLOutputValue>, findings: CallRow["findings"]): CallRow {
  const row = {
    id: columns.id as CallId,
    issued: columns.issued,
    created: columns.created,
    provider: columns.provider,
    model: columns.model,
    format: columns.format,
    origin: columns.origin,
    status: columns.status,
    finish: JSON.parse(columns.finish as string),
    ending: columns.ending,
    inputTokens: columns.input_tokens,
    outputTokens: columns.output_tokens,
    cost: columns.cost,
    ttft: columns.ttft,
    total: columns.total,
    findings,
    preview: columns.preview,
    parent: columns.parent,
    error: columns.error,
    session: columns.session,
  };
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as CallRow;
}

/** A provider can send any number: one that is no whole number is not a count, and a strict column refuses it. */
const wholeNumber = (value: number | undefined): number | null => (value !== undefined && Number.isSafeInteger(value) ? value : null);
