import { createHash, randomBytes } from "node:crypto";
import { readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";

/**
 * The unfinished download of one process: `NAME.OWNER.partial`, with the server's tag for the file in `….etag` where there is one.
 * No two processes write one file, so none can spoil another's. What a process left behind that is gone, another takes over by renaming it.
 */
export interface PartialFile {
  path: string;
  etag(): string | undefined;
  setEtag(etag: string | undefined): void;
  /** Lets another process take it over, where there is anything in it. */
  release(): void;
  remove(): void;
}

const host = createHash("sha256").update(hostname()).digest("hex").slice(0, 8);

/** Names this process on this machine; every call gives another name. */
export const ownerTag = (): string => `${host}-${process.pid}-${randomBytes(4).toString("hex")}`;

/** Whether nobody works any more on what bears the tag. A process of another machine may be at work on a shared disk for a week at most. */
export function isAbandoned(tag: string, changedMs: number, now: number = Date.now()): boolean {
  const [machine, pid] = tag.split("-");
  if (machine !== host) return now - changedMs > 7 * 86_400_000;
  try {
    process.kill(Number(pid), 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "ESRCH";
  }
}

/** The largest abandoned part of the file under a name of our own, or a fresh one (nothing is made then). */
export function claimPartial(folder: string, name: string): PartialFile {
  const own = `${name}.${ownerTag()}.partial`;
  for (const left of abandoned(folder, name)) {
    try {
      renameSync(join(folder, left), join(folder, own));
      renameSync(join(folder, `${left}.etag`), join(folder, `${own}.etag`));
    } catch {
      // Another process was faster, or there is no tag.
    }
    if (statSync(join(folder, own), { throwIfNoEntry: false })) break;
  }
  return partialAt(folder, name, own);
}

/** A fresh one, for bytes that cannot be continued later. */
export const freshPartial = (folder: string, name: string): PartialFile => partialAt(folder, name, `${name}.${ownerTag()}.partial`);

function partialAt(folder: string, name: string, own: string): PartialFile {
  const path = join(folder, own);
  const tagPath = `${path}.etag`;
  return {
    path,
    etag() {
      try {
        return readFileSync(tagPath, "utf8");
      } catch {
        return undefined;
      }
    },
    setEtag(etag) {
      if (etag === undefined) rmSync(tagPath, { force: true });
      else writeFileSync(tagPath, etag);
    },
    release() {
      if (!statSync(path, { throwIfNoEntry: false })?.size) {
        rmSync(path, { force: true });
        rmSync(tagPath, { force: true });
        return;
      }
      const free = join(folder, `${name}.partial`);
      try {
        renameSync(path, free);
        rmSync(`${free}.etag`, { force: true });
        renameSync(tagPath, `${free}.etag`);
      } catch {
        // Without a tag it is continued all the same: the hash of the whole file is the judge.
      }
    },
    remove() {
      rmSync(path, { force: true });
      rmSync(tagPath, { force: true });
    },
  };
}

/** Parts of the file that nobody writes any more, the largest first. */
function abandoned(folder: string, name: string): string[] {
  const parts: { file: string; size: number }[] = [];
  for (const file of readdirSync(folder)) {
    if (!file.startsWith(`${name}.`) || !file.endsWith(".partial")) continue;
    const tag = file.slice(name.length + 1, -".partial".length);
    const stats = statSync(join(folder, file), { throwIfNoEntry: false });
    if (stats && (tag === "" || file === `${name}.partial` || (/^[0-9a-f]{8}-\d+-[0-9a-f]{8}$/.test(tag) && isAbandoned(tag, stats.mtimeMs))))
      parts.push({ file, size: stats.size });
  }
  return parts.sort((a, b) => b.size - a.size).map(({ file }) => file);
}
