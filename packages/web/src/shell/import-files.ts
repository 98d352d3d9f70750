import { api } from "../api/client.ts";
import { asApiError } from "../api/use-fetched.ts";
import { plural } from "../format/numbers.ts";
import { openCall } from "../state/location.ts";
import { notify } from "./notify.ts";

/** Imports files, tells what came of each, and opens the call where there is only one. */
export async function importFiles(files: readonly File[]): Promise<void> {
  for (const file of files) {
    try {
      const { ids, unsupported } = await api.import(file);
      const [first] = ids;
      if (first) {
        notify("done", `${plural(ids.length, "call")} from ${file.name}.`);
        if (files.length === 1 && ids.length === 1) openCall(first);
      }
      for (const { name, says } of unsupported.slice(0, 3)) notify("failed", `${file.name}: unsupported-format: ${name}.`, says);
      if (!first && unsupported.length === 0) notify("failed", `${file.name} holds no call.`);
    } catch (failure) {
      const error = asApiError(failure);
      notify("failed", `${file.name}: ${error.message}`, error.fix);
    }
  }
}
