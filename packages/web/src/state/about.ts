import { api } from "../api/client.ts";
import type { About } from "../api/types.ts";
import { createStore, useStore } from "./store.ts";

const about = createStore<About | undefined>(undefined);

export const useAbout = (): About | undefined => useStore(about);

/** The list shows whether the server answers; this only fills in names and addresses. */
export async function loadAbout(): Promise<void> {
  about.set(await api.about().catch(() => undefined));
}
