import { homedir } from "node:os";
import { join, resolve } from "node:path";

export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Where models are kept: `CUTAWAY_MODELS`, else the platform's cache folder. A relative `XDG_CACHE_HOME` is ignored, as its
 * specification asks.
 */
export function modelsFolder(env: Environment = process.env, platform: NodeJS.Platform = process.platform): string {
  if (env.CUTAWAY_MODELS) return resolve(env.CUTAWAY_MODELS);
  const home = env.HOME || env.USERPROFILE || homedir();
  if (platform === "win32") return join(env.LOCALAPPDATA || join(home, "AppData", "Local"), "cutaway", "models");
  if (platform === "darwin") return join(home, "Library", "Caches", "cutaway", "models");
  const cache = env.XDG_CACHE_HOME?.startsWith("/") ? env.XDG_CACHE_HOME : join(home, ".cache");
  return join(cache, "cutaway", "models");
}
