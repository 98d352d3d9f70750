import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Tokenizer files that a person gave the workbench, in a folder that goes when the server is closed. */
export interface Uploads {
  /** Keeps a file; the name it is called by from now on. The same bytes under the same name are kept once. */
  add(name: string, bytes: Uint8Array): string;
  remove(name: string): void;
  /** Paths by name, the newest last. */
  readonly files: ReadonlyMap<string, string>;
  close(): void;
}

/** The oldest makes room. */
const most = 8;

export function tokenizerUploads(): Uploads {
  const files = new Map<string, string>();
  let folder: string | undefined;
  const remove = (name: string) => {
    const path = files.get(name);
    files.delete(name);
    if (path !== undefined) rmSync(path, { force: true });
  };
  return {
    files,
    add(given, bytes) {
      folder ??= mkdtempSync(join(tmpdir(), "cutaway-tokenizers-"));
      const safe = given.replace(/[^\w.-]+/g, "_").slice(-60);
      const name = `upload:${createHash("sha256").update(bytes).digest("hex").slice(0, 8)}-${safe}`;
      const path = join(folder, name.slice("upload:".length));
      writeFileSync(path, bytes);
      files.delete(name);
      files.set(name, path);
      for (const oldest of files.keys()) {
        if (files.size <= most) break;
        remove(oldest);
      }
      return name;
    },
    remove,
    close() {
      if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    },
  };
}
