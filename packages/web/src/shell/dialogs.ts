import type { LocalOptions, Parameters } from "@cutaway/core";
import { createStore, useStore } from "../state/store.ts";

export type DialogName =
  | { name: "palette" }
  | { name: "help" }
  | { name: "import" }
  | { name: "replay"; set?: Partial<Parameters> | undefined; local?: Partial<LocalOptions> | undefined }
  | { name: "verify"; rule: string }
  | { name: "delete"; id: string };

const open = createStore<DialogName | undefined>(undefined);

export const useDialog = (): DialogName | undefined => useStore(open);
export const openDialog = (dialog: DialogName): void => open.set(dialog);
export const closeDialog = (): void => open.set(undefined);
