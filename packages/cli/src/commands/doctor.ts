import { existsSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { dataFile } from "../data-directory.ts";
import { defaultPort } from "../serve/default-port.ts";
import { webState } from "../serve/web-build.ts";
import type { Session } from "../session.ts";
import { dim, good, type Line, line, piece } from "../terminal/line.ts";
import { bytes } from "../terminal/numbers.ts";
import { typed } from "../typed-command.ts";

export interface DoctorOptions {
  online?: boolean;
  port?: number;
}

/** `ok`: in order. `absent`: fine, but something will not work without it. `bad`: broken. */
interface Check {
  name: string;
  state: "ok" | "absent" | "bad";
  says: string;
  fix?: string;
}

export async function run(_args: string[], { online = false, port = defaultPort }: DoctorOptions, session: Session): Promise<number> {
  const { out } = session;
  const checks: Check[] = [];
  for (const check of [
    node,
    () => store(session),
    () => disk(session),
    () => portFree(port),
    web,
    tokenizers,
    onnxRuntime,
    () => models(session),
    ...keyNames.map((name) => () => key(name, session.env)),
    ...(online ? hosts.map((host) => () => reach(host)) : []),
  ]) {
    const result = await check();
    checks.push(result);
    if (!out.json) out.print(...checkLines(result));
  }
  if (out.json) out.printJson({ schema: "cutaway/doctor", version: 1, checks: checks.map((check) => ({ ...check, fix: check.fix ?? null })) });
  return checks.some((check) => check.state === "bad") ? 2 : 0;
}

function checkLines({ name, state, says, fix }: Check): Line[] {
  const sign = { ok: good("✓"), absent: dim("–"), bad: piece("✗", "problem") }[state];
  return [line(sign, " ", name.padEnd(18), typed(says)), ...(fix ? [line(" ".repeat(20), dim(fix))] : [])];
}

const node = (): Check => ({ name: "Node", state: "ok", says: process.version });

async function store(session: Session): Promise<Check> {
  const place = session.pathForPeople(dataFile(session.dataDirectory));
  if (!existsSync(dataFile(session.dataDirectory))) return { name: "store", state: "ok", says: `none yet; it will be ${place}` };
  try {
    const opened = await session.store();
    const { rows } = opened.list({ limit: 1 });
    return { name: "store", state: "ok", says: `${place}${rows.length === 0 ? ", no calls yet" : ""}` };
  } catch (error) {
    return { name: "store", state: "bad", says: messageOf(error), fix: `Move ${place} away, or name another place with CUTAWAY_DIR.` };
  }
}

const leastFree = 200_000_000;

function disk(session: Session): Check {
  let folder = session.dataDirectory;
  while (!existsSync(folder)) folder = folder.slice(0, Math.max(1, folder.lastIndexOf("/")));
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const says = `${bytes(free)} free`;
  return free < leastFree
    ? { name: "disk", state: "bad", says, fix: "Free some space, or put the store elsewhere with CUTAWAY_DIR." }
    : { name: "disk", state: "ok", says };
}

function portFree(port: number): Promise<Check> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) =>
      resolve({
        name: "port",
        state: "absent",
        says: `${port} ${error.code === "EADDRINUSE" ? "is in use" : error.message}`,
        fix: "Perhaps Cutaway runs already; else choose another with --port.",
      }),
    );
    probe.listen(port, "127.0.0.1", () => probe.close(() => resolve({ name: "port", state: "ok", says: `${port} is free` })));
  });
}

function web(): Check {
  const state = webState();
  if (state === "no sources")
    return { name: "workbench", state: "bad", says: "not built, and its sources are not here", fix: "Install Cutaway again." };
  return {
    name: "workbench",
    state: "ok",
    says: state === "current" ? "built" : `${state === "stale" ? "older than its sources" : "not built yet"}; cutaway view builds it`,
  };
}

async function tokenizers(): Promise<Check> {
  const { knownTokenizers, loadTokenizer } = await import("@cutaway/tokenizer/named");
  try {
    for (const name of knownTokenizers) {
      const tokenizer = await loadTokenizer(name);
      const text = "Hello, 世界 👋";
      // WordPiece keeps neither case nor white space.
      const back = tokenizer.decode(tokenizer.encode(text));
      if (tokenizer.family === "wordpiece" ? !back.startsWith("hello, 世") : back !== text)
        return { name: "tokenizers", state: "bad", says: `${name} does not give back its own text`, fix: "Install Cutaway again." };
    }
    return { name: "tokenizers", state: "ok", says: knownTokenizers.join(", ") };
  } catch (error) {
    return { name: "tokenizers", state: "bad", says: messageOf(error), fix: "Install Cutaway again." };
  }
}

async function onnxRuntime(): Promise<Check> {
  try {
    const { onnxRuntimeVersion } = await import("@cutaway/runtime");
    return { name: "ONNX Runtime", state: "ok", says: onnxRuntimeVersion() };
  } catch (error) {
    return { name: "ONNX Runtime", state: "absent", says: `${messageOf(error)}; only local runs need it`, fix: "Install Cutaway again." };
  }
}

async function models(session: Session): Promise<Check> {
  const { defaultModel, listModels, modelsFolder } = await import("@cutaway/runtime/models");
  const place = session.pathForPeople(modelsFolder(session.env));
  const found = listModels(session.env).filter(({ state }) => state !== "absent");
  const damaged = found.find(({ state }) => state === "damaged");
  if (damaged)
    return {
      name: "models",
      state: "bad",
      says: `${damaged.name} in ${place} is damaged`,
      fix: typed(`cutaway models pull ${damaged.name} gets it again.`),
    };
  if (found.length > 0) return { name: "models", state: "ok", says: `${found.map(({ name }) => name).join(", ")} in ${place}` };
  return { name: "models", state: "absent", says: `none in ${place}: cutaway models pull ${defaultModel} gets one; only local runs need it` };
}

const keyNames = ["OPENAI_API_KEY", "ANTHROPIC_API_KEY"] as const;

/** Says whether a key is there, never what it is. */
const key = (name: string, env: NodeJS.ProcessEnv): Check =>
  env[name]
    ? { name, state: "ok", says: "set" }
    : { name, state: "absent", says: "not set: replay cannot reach this provider; everything else works" };

const hosts = ["https://api.openai.com", "https://api.anthropic.com"] as const;

async function reach(host: string): Promise<Check> {
  try {
    const response = await fetch(`${host}/v1/models`, { signal: AbortSignal.timeout(5000) });
    return { name: new URL(host).hostname, state: "ok", says: `answers (${response.status})` };
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    return {
      name: new URL(host).hostname,
      state: "bad",
      says: `cannot be reached: ${messageOf(cause)}`,
      fix: "Check network and proxy settings; all but live calls works without.",
    };
  }
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
