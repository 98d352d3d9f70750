import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { relative } from "node:path";
import { CutawayError } from "@cutaway/core";
import type { Store } from "@cutaway/store";
import { dataFile, ensureDataDirectory, findDataDirectory } from "./data-directory.ts";
import type { Output } from "./output.ts";

/** What a command works with: its output, the store, and the wish of the user to stop. */
export interface Session {
  out: Output;
  env: NodeJS.ProcessEnv;
  /** Aborted by Ctrl-C or SIGTERM; the reason is the exit code. A command then keeps what it has and returns. */
  interrupted: AbortSignal;
  dataDirectory: string;
  /** The store, opened on first use; made where it does not exist. */
  store(): Promise<Store>;
  /** The store where there is one: looking for a call makes no files. */
  storeIfAny(): Promise<Store | undefined>;
  /** @throws `no-store` where nothing was ever stored. */
  storeThatExists(): Promise<Store>;
  /** A path as a person would write it: relative to here, or from the home folder. */
  pathForPeople(path: string): string;
}

export interface OpenSession extends Session {
  close(): void;
}

export function openSession(out: Output, env: NodeJS.ProcessEnv, interrupted: AbortSignal): OpenSession {
  const cwd = process.cwd();
  const dataDirectory = findDataDirectory(cwd, env);
  let opened: Store | undefined;
  const open = async () => {
    if (!opened) {
      ensureDataDirectory(dataDirectory);
      const { openStore } = await import("@cutaway/store");
      opened = openStore(dataFile(dataDirectory));
    }
    return opened;
  };
  const openIfAny = async () => (existsSync(dataFile(dataDirectory)) ? open() : undefined);
  return {
    out,
    env,
    interrupted,
    dataDirectory,
    store: open,
    storeIfAny: openIfAny,
    async storeThatExists() {
      const store = await openIfAny();
      if (store) return store;
      throw new CutawayError("no-store", "no calls are stored here yet", {
        fix: "Store one with cutaway explain FILE, or record them with cutaway proxy; CUTAWAY_DIR names another place.",
      });
    },
    close() {
      opened?.close();
      opened = undefined;
    },
    pathForPeople(path) {
      const local = relative(cwd, path);
      if (!local.startsWith("..")) return local === "" ? "." : local;
      const home = homedir();
      return path.startsWith(`${home}/`) ? `~${path.slice(home.length)}` : path;
    },
  };
}
