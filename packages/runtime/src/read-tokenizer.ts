import type { Tokenizer } from "@cutaway/core";
import { openGguf } from "@cutaway/formats";
import { fromGguf } from "@cutaway/tokenizer";
import { openFile } from "./engine/file-source.ts";

/** The tokenizer inside a GGUF file. @throws `bad-gguf`, `unsupported-tokenizer` */
export function readTokenizer(path: string): Tokenizer {
  const source = openFile(path);
  try {
    return fromGguf(openGguf(source).metadata, nameOfFile(path));
  } finally {
    source.close();
  }
}

/** The last part of the path, whatever system it was written on. */
export const nameOfFile = (path: string): string => path.replace(/^.*[/\\]/, "");
