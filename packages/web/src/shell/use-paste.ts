import { useEffect } from "react";
import { importFiles } from "./import-files.ts";

/** While `active`, what is pasted anywhere but into a field is imported. */
export function usePaste(active: boolean): void {
  useEffect(() => {
    if (!active) return;
    const onPaste = (event: ClipboardEvent) => {
      if (event.target instanceof Element && event.target.closest("input, textarea, select, [contenteditable], dialog")) return;
      const text = event.clipboardData?.getData("text/plain") ?? "";
      const files = [...(event.clipboardData?.files ?? []), ...(text.trim() === "" ? [] : [new File([text], "the clipboard")])];
      if (files.length === 0) return;
      event.preventDefault();
      void importFiles(files);
    };
    document.addEventListener("paste", onPaste);
    return () => document.removeEventListener("paste", onPaste);
  }, [active]);
}
