import { type Call, CutawayError, type Model } from "@cutaway/core";

/** A model that takes memory until it is closed. */
export type OpenModel = Model & { close(): Promise<void> };

/** Local models that are open, each once, for as long as they are used. */
export interface LocalModels {
  /**
   * The model that made this local call.
   * @throws `model-not-found`, `other-weights`, and what opening a model throws
   */
  of(call: Call): Promise<Model>;
  close(): Promise<void>;
}

export interface LocalModelsOptions {
  /** A model that is not asked anything for so long gives its memory back; it is opened again when it is. Milliseconds. */
  idleMs?: number;
  /** Opens the file of a model by its name; the runtime's way if absent. */
  open?: (call: Call, signal?: AbortSignal) => Promise<OpenModel>;
  /** Gives up waiting for a model that loads. */
  signal?: AbortSignal;
}

export function localModels({ idleMs = 60_000, open = openOf, signal }: LocalModelsOptions = {}): LocalModels {
  const held = new Map<string, Held>();
  return {
    async of(call) {
      const name = call.model.asked ?? call.request?.model ?? "";
      const kept = held.get(name) ?? hold(() => open(call, signal), idleMs);
      held.set(name, kept);
      const { ref, access } = await kept.use((model) => Promise.resolve(model));
      refuseOtherWeights(call, ref.revision);
      return { ref, access, call: kept.call };
    },
    async close() {
      const all = [...held.values()];
      held.clear();
      await Promise.all(all.map((one) => one.close()));
    },
  };
}

interface Held {
  use<T>(work: (model: OpenModel) => Promise<T>): Promise<T>;
  call: Model["call"];
  close(): Promise<void>;
}

function hold(open: () => Promise<OpenModel>, idleMs: number): Held {
  let opened: Promise<OpenModel> | undefined;
  let users = 0;
  let timer: NodeJS.Timeout | undefined;
  const close = async () => {
    clearTimeout(timer);
    const closing = opened;
    opened = undefined;
    await (await closing?.catch(() => undefined))?.close();
  };
  const take = async (): Promise<OpenModel> => {
    clearTimeout(timer);
    users += 1;
    opened ??= open();
    try {
      return await opened;
    } catch (error) {
      opened = undefined;
      users -= 1;
      throw error;
    }
  };
  const giveBack = () => {
    users -= 1;
    if (users === 0) timer = setTimeout(() => void close(), idleMs).unref();
  };
  return {
    async use(work) {
      const model = await take();
      try {
        return await work(model);
      } finally {
        giveBack();
      }
    },
    async *call(request, signal) {
      const model = await take();
      try {
        yield* model.call(request, signal);
      } finally {
        giveBack();
      }
    },
    close,
  };
}

/** By the name it was asked for; where that file is not here any more, any file with the same bytes. */
async function openOf(call: Call, signal?: AbortSignal): Promise<OpenModel> {
  const [{ openLocalModel }, { findModel, listModels }] = await Promise.all([import("@cutaway/runtime"), import("@cutaway/runtime/models")]);
  const asked = call.model.asked ?? call.request?.model ?? "";
  const hash = call.local?.weights.sha256;
  const twin = hash === undefined ? undefined : listModels().find((model) => model.state === "here" && model.sha256 === hash);
  const file = await findModel(twin?.name ?? asked, { signal });
  return openLocalModel({ path: file.path, name: asked, ...(file.sha256 !== undefined && { sha256: file.sha256 }) }, { signal });
}

/** @throws `other-weights`, where both are known and differ */
export function refuseOtherWeights({ local, model }: Call, revision: string | undefined): void {
  const made = local?.weights.sha256;
  if (made === undefined || revision === undefined || made === revision) return;
  throw new CutawayError(
    "other-weights",
    `the call was made with weights ${made.slice(0, 12)}…; ${model.asked} is now the file ${revision.slice(0, 12)}…`,
    {
      fix: "Put the file that made the call into the models folder: cutaway models list names it.",
      data: { made, revision },
    },
  );
}
