import { basename } from "node:path";
import { type Call, type CallEvent, type CallId, foldCall, newCallId } from "@cutaway/core";
import type { Bodies } from "@cutaway/store";
import type { Session } from "../session.ts";
import { findInput } from "./find-input.ts";
import { readFileBytes, readStandardInput } from "./read-bytes.ts";

/** What an input holds, one thing after the other. */
export type Read = ReadRecorded | ReadStored | { kind: "unsupported"; name: string; from: string; says: string };

export interface ReadRecorded {
  kind: "recorded";
  call: Call;
  bodies: Bodies;
  from: string;
}

export interface ReadStored {
  kind: "stored";
  call: Call;
  from: string;
}

/** What the user says about a recording that does not say it itself. */
export interface ModelOverride {
  model?: string;
  provider?: string;
}

/** The calls of one argument. A recorded call gets an id here and is not stored yet. */
export async function* readCalls(argument: string, session: Session, override: ModelOverride = {}): AsyncGenerator<Read> {
  const place = await findInput(argument, session);
  if (place.kind === "stored") {
    yield readStored(place.id, await session.store(), override);
    return;
  }
  const name = place.kind === "stdin" ? "standard input" : basename(place.path);
  const bytes = place.kind === "stdin" ? await readStandardInput(session.out, session.interrupted) : readFileBytes(place.path, session.out);
  if (session.interrupted.aborted) return;
  const { readInput } = await import("@cutaway/provider");
  for await (const item of readInput(bytes, name)) {
    if (item.kind === "unsupported") {
      yield item;
      continue;
    }
    const call = foldCall(withOverride(item.events, override), { id: item.id ?? newCallId(), origin: { kind: "file", from: item.from } });
    yield { kind: "recorded", call, bodies: item.bodies, from: item.from };
  }
}

export function readStored(id: CallId, store: Awaited<ReturnType<Session["store"]>>, override: ModelOverride = {}): ReadStored {
  const stored = store.get(id);
  if (!stored) throw new Error(`the call ${id} was resolved and is not there`);
  return { kind: "stored", call: overridden(stored.call, override), from: id };
}

/** The events with what the user said last, so that it wins; a notice keeps what was recorded. */
function* withOverride(events: readonly CallEvent[], override: ModelOverride): Iterable<CallEvent> {
  yield* events;
  if (override.model === undefined && override.provider === undefined) return;
  yield { type: "call-start", model: modelOf(override) };
  yield { type: "notice", notice: { code: "model-given", says: givenWords(override) } };
}

/** A stored call as the user wants it seen; what is stored stays as it is. */
function overridden(call: Call, override: ModelOverride): Call {
  if (override.model === undefined && override.provider === undefined) return call;
  return {
    ...call,
    model: { ...call.model, ...modelOf(override) },
    notices: [...call.notices, { code: "model-given", says: givenWords(override) }],
  };
}

const modelOf = ({ model, provider }: ModelOverride) => ({
  ...(model !== undefined && { asked: model, served: model }),
  ...(provider !== undefined && { provider }),
});

const givenWords = ({ model, provider }: ModelOverride): string =>
  `${[model === undefined ? undefined : `model ${model}`, provider === undefined ? undefined : `provider ${provider}`].filter((part) => part !== undefined).join(" and ")} as given on the command line`;
