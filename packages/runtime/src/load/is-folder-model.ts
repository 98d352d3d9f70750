import { statIfThere } from "./stat-if-there.ts";

/** Whether a path means a folder of the Hugging Face kind: the folder itself, or a file in it. */
export const isFolderModel = (path: string): boolean =>
  statIfThere(path)?.isDirectory() === true || /(?:\.safetensors|\.safetensors\.index\.json|[/\\]config\.json)$/.test(path);
