import { openGguf } from "@cutaway/formats";
import { openFile } from "../engine/file-source.ts";
import { isFolderModel } from "../load/is-folder-model.ts";
import { describeFolder } from "./describe-folder.ts";
import { describeGguf, type GgufDescription } from "./describe-gguf.ts";
import { type FindOptions, type FoundModel, findModel } from "./find-model.ts";

/** A model's file or folder, and what its headers say. */
export interface ModelFileInfo extends FoundModel, GgufDescription {
  /** Whether the file was hashed for this. */
  verified: boolean;
}

/**
 * Of a model on this machine, by name or path; only headers are read, unless it is to be verified.
 * throws what `findModel` throws, and `bad-gguf`
 */
export async function modelInfo(nameOrPath: string, options: FindOptions = {}): Promise<ModelFileInfo> {
  const found = await findModel(nameOrPath, options);
  const description = isFolderModel(found.path) ? describeFolder(found.path) : readDescription(found.path);
  const licence = description.licence ?? found.registered?.licence;
  return { ...found, ...description, licence, verified: options.verify === true };
}

/** @throws `bad-gguf` */
export function readDescription(path: string): GgufDescription {
  const source = openFile(path);
  try {
    return describeGguf(openGguf(source));
  } finally {
    source.close();
  }
}
