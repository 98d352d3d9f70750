import { useEffect, useState } from "react";
import { api } from "../api/client.ts";
import { asApiError } from "../api/use-fetched.ts";
import { plural } from "../format/numbers.ts";
import { openCall } from "../state/location.ts";
import { notify } from "./notify.ts";

/** A file dropped anywhere on the page is imported. */
export function DropTarget() {
  const [over, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes("Files") ?? false;
    const onOver = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(false);
      void importFiles([...(event.dataTransfer?.files ?? [])]);
    };
    window.addEventListener("dragover", onOver);
    window.addEventListener("dragleave", onLeave);
    window.addEventListener("drop", onDrop);
    return () => {
      window.removeEventListener("dragover", onOver);
      window.removeEventListener("dragleave", onLeave);
      window.removeEventListener("drop", onDrop);
    };
  }, []);
  return over ? <div className="drop-target">Drop to explain</div> : null;
}

async function importFiles(files: readonly File[]): Promise<void> {
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
