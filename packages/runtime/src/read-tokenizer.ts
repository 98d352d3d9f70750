import type { Tokenizer } from "@cutaway/core";
import { openGguf } from "@cutaway/formats";
import { fromGguf } from "@cutaway/tokenizer";
import { openFile } from "./engine/file-source.ts";
import { folderTokenizer } from "./load/folder-vocabulary.ts";
import { isFolderModel } from "./load/is-folder-model.ts";
import { folderOf } from "./weights/safetensors-folder.ts";

/** The tokenizer inside a GGUF file, or beside the weights in a folder. @throws `bad-gguf`, `no-tokenizer`, `unsupported-tokenizer` */
export function readTokenizer(path: string): Tokenizer {
  if (isFolderModel(path)) return folderTokenizer(folderOf(path));
  const source = openFile(path);
  try {
    return fromGguf(openGguf(source).metadata, nameOfFile(path));
  } finally {
    source.close();
  }
}

/** The last part of the path, whatever system it was written on. */
export const nameOfFile = (path: string): string => path.replace(/^.*[/\\]/, "");
