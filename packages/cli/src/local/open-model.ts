import type { LocalModel } from "@cutaway/runtime";
import type { Session } from "../session.ts";

export interface EngineOptions {
  threads?: number;
  contextSize?: number;
  network?: "fast" | "open";
  /** Calls answered at once, and the memory of their caches together, in bytes. */
  streams?: number;
  cacheBytes?: number;
}

/**
 * The model of a name or path, ready to answer; nothing is downloaded. The caller closes it. Says on a live terminal that it loads.
 * @throws `model-not-found` with the ways to get one, and what the file and the engine refuse
 */
export async function openModel(nameOrPath: string, options: EngineOptions, session: Session): Promise<LocalModel> {
  const [{ findModel }, { openLocalModel }] = await Promise.all([import("@cutaway/runtime/models"), import("@cutaway/runtime")]);
  session.out.status(`loading ${nameOrPath}`);
  try {
    const { path, sha256 } = await findModel(nameOrPath, { env: session.env, signal: session.interrupted });
    // Named as it was asked for: so the call names what finds the file again.
    return await openLocalModel({ path, name: nameOrPath, ...(sha256 !== undefined && { sha256 }) }, { ...options, signal: session.interrupted });
  } finally {
    session.out.status(undefined);
  }
}
