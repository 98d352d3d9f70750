import { CutawayError, isCutawayError } from "@cutaway/core";
import { type LocalModel, openLocalModel } from "@cutaway/runtime";
import { findModel } from "@cutaway/runtime/models";
import type { Session } from "../session.ts";
import { pullWithProgress } from "./pull-with-progress.ts";

/** A local model that is opened when it is first needed, and pulled before that where it is not here. */
export function lazyModel(name: string, session: Session): { open(): Promise<LocalModel>; close(): Promise<void> } {
  let opened: Promise<LocalModel> | undefined;
  const open = async () => {
    const file = await here(name, session);
    return openLocalModel(file, { name, signal: session.interrupted });
  };
  return {
    open() {
      opened ??= open();
      return opened;
    },
    close: async () => (await opened?.catch(() => undefined))?.close(),
  };
}

async function here(name: string, session: Session) {
  try {
    return await findModel(name, { env: session.env, signal: session.interrupted });
  } catch (error) {
    if (!isCutawayError(error) || error.code !== "model-not-found") throw error;
  }
  const pulled = await pullWithProgress(name, undefined, session);
  if (pulled) return pulled;
  throw new CutawayError("interrupted", `the model ${name} was not pulled`, { kind: "interrupted" });
}
