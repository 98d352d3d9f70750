import { statSync } from "node:fs";

/** Whether a path means a folder of the Hugging Face kind: the folder itself, or a file in it. */
export const isFolderModel = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true || /(?:\.safetensors|\.safetensors\.index\.json|[/\\]config\.json)$/.test(path);
