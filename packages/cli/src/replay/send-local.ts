import { type Call, CutawayError, type Model, newCallId, type Request, startFold } from "@cutaway/core";
import { openModel } from "../local/open-model.ts";
import type { Session } from "../session.ts";
import type { Replayed } from "./run-replays.ts";

export interface LocalSender {
  send(signal: AbortSignal): Promise<Replayed>;
  close(): Promise<void>;
}

/** Options of `replay` that mean nothing to a model on this machine. @throws `option-without-effect` */
export function refuseRemoteOptions({ baseUrl, maxCost }: { baseUrl?: string; maxCost?: number }): void {
  const idle = baseUrl !== undefined ? "--base-url" : maxCost !== undefined ? "--max-cost" : undefined;
  if (!idle) return;
  throw new CutawayError("option-without-effect", `${idle} has no effect: the call is made on this machine, and costs nothing`, {
    fix: idle === "--max-cost" ? "Limit the number with --max-calls." : "Leave it out; --model names another local model.",
  });
}

/** Opens the model that made the call, or the one that is asked for instead; it is closed by `close`. */
export async function localSender(original: Call, request: Request, other: string | undefined, session: Session): Promise<LocalSender> {
  const { model, close } = other === undefined ? await sameModel(original, session) : await otherModel(other, session);
  return {
    async send(signal) {
      const folder = startFold({ id: newCallId(), parent: original.id, origin: { kind: "local" } });
      for await (const event of model.call(request, signal)) folder.push(event);
      return { call: folder.call(), bodies: {} };
    },
    close,
  };
}

interface Opened {
  model: Pick<Model, "call">;
  close(): Promise<void>;
}

async function sameModel(original: Call, session: Session): Promise<Opened> {
  const { localModels } = await import("@cutaway/server");
  const models = localModels({ signal: session.interrupted });
  session.out.status(`loading ${original.model.asked ?? "the model"}`);
  try {
    return { model: await models.of(original), close: models.close };
  } catch (error) {
    await models.close();
    throw error;
  } finally {
    session.out.status(undefined);
  }
}

async function otherModel(name: string, session: Session): Promise<Opened> {
  const model = await openModel(name, {}, session);
  return { model, close: model.close };
}
