import type { Call } from "@cutaway/core";
import { refuseOtherWeights } from "../local-models.ts";

/** Where the files of local models are. */
export interface ModelFiles {
  /** Models on this machine that can be asked for by name. */
  list(): Promise<{ name: string; size: number }[]>;
  /** @throws `model-not-found`, `model-damaged` */
  byName(name: string): Promise<string>;
  /** The very weights that made the call. @throws `other-weights` too */
  ofCall(call: Call): Promise<string>;
}

/** Only models of the models folder are found by name, and no path that a page gives; a call's model may have been a path. */
export function modelFiles(): ModelFiles {
  const checked = new Map<string, string>();
  const models = () => import("@cutaway/runtime/models"); // loaded when first asked for
  return {
    async list() {
      const { listModels } = await models();
      return listModels().flatMap(({ name, path, size }) => (path === undefined ? [] : [{ name, size }]));
    },
    async byName(name) {
      const { findModel, listModels } = await models();
      const known = listModels().find((model) => model.name === name && model.path !== undefined);
      // An unknown one, a path among them, ends in the words of `findModel` about a name.
      return (await findModel(known?.name ?? name.replace(/[/\\]|\.gguf$/gi, " "))).path;
    },
    async ofCall(call) {
      const { findModel, listModels } = await models();
      const hash = call.local?.weights.sha256;
      const twin = hash === undefined ? undefined : listModels().find((model) => model.state === "here" && model.sha256 === hash);
      const asked = twin?.name ?? call.model.asked ?? call.request?.model ?? "";
      const found = await findModel(asked);
      const key = `${found.path} ${found.size} ${hash}`;
      if (!checked.has(key)) {
        const sha256 = found.sha256 ?? (hash === undefined ? undefined : (await findModel(asked, { verify: true })).sha256);
        refuseOtherWeights(call, sha256);
        checked.set(key, found.path);
      }
      return found.path;
    },
  };
}
