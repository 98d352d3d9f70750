import { CutawayError, plain } from "@cutaway/core";
import { startServer } from "@cutaway/server";
import type { Store, StoredCall } from "@cutaway/store";
import { dataFile } from "../data-directory.ts";
import { untilInterrupted } from "../interrupts.ts";
import type { Session } from "../session.ts";
import { explainSystemError } from "../system-error.ts";
import { blank, command, dim, type Line, line, piece, strong, title } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";
import { typed } from "../typed-command.ts";
import { callLine, watchCalls } from "./call-lines.ts";
import { defaultPort } from "./default-port.ts";
import { buildWeb, webRoot, webState } from "./web-build.ts";

export interface ServeOptions {
  port?: number;
  openai?: string;
  anthropic?: string;
}

export interface Opening {
  /** What of the workbench to open, after its address. */
  path?: string;
  /** Told that address once it answers. */
  ready?: (address: string) => void;
}

/** Serves proxy and workbench until the user stops it. */
export async function serve(options: ServeOptions, session: Session, { path = "", ready }: Opening = {}): Promise<undefined> {
  const { out, interrupted } = session;
  const store = await session.store();
  const warn = (message: string) => out.say(line(piece("! ", "warning"), message));
  const server = await start(options, store, warn);
  const tell = ({ call, findings }: StoredCall) => {
    if (out.json)
      out.write(`${JSON.stringify({ schema: "cutaway/call-finished", version: 1, id: call.id, call: plain(call), findings: plain(findings) })}\n`);
    else out.print(callLine(call, findings));
  };
  const watch = watchCalls(store, tell, (error) => {
    const fix = error instanceof CutawayError && error.fix ? ` ${error.fix}` : "";
    warn(`finished calls cannot be shown: ${error instanceof Error ? error.message : String(error)}.${fix} Calls go on unharmed.`);
  });
  try {
    if (out.json)
      out.write(
        `${JSON.stringify({ schema: "cutaway/server", version: 1, url: server.url, port: server.port, openaiBaseUrl: `${server.url}/v1`, anthropicBaseUrl: server.url })}\n`,
      );
    else out.print(...welcome(server.url, path, session));
    ready?.(`${server.url}${path}`);
    await untilInterrupted(interrupted);
  } finally {
    await server.close();
    watch.stop();
  }
  const { unrecorded } = server.counts;
  if (unrecorded === 0) out.say(line("stopped; finished calls are kept"));
  else out.say(line(piece("! ", "warning"), `stopped; ${counted(unrecorded, "call")} could not be recorded`));
}

/** Builds the workbench where it is missing or older than its sources. */
export async function ensureWeb({ out, interrupted }: Session): Promise<void> {
  const state = webState();
  if (state === "current" || state === "no sources") return;
  out.say(line(dim(state === "missing" ? "building the workbench, once: some seconds" : "rebuilding the workbench: its sources have changed")));
  await buildWeb(interrupted);
}

async function start({ port = defaultPort, openai, anthropic }: ServeOptions, store: Store, warn: (message: string) => void) {
  try {
    return await startServer({
      store,
      port,
      upstreams: { ...(openai !== undefined && { openai }), ...(anthropic !== undefined && { anthropic }) },
      webRoot,
      warn,
    });
  } catch (thrown) {
    const error = explainSystemError(thrown);
    if (error instanceof CutawayError && error.code === "port-in-use" && (await isCutaway(port))) {
      throw new CutawayError("already-running", `Cutaway runs already at http://127.0.0.1:${port}`, {
        fix: "Open that, stop it, or choose another port with --port.",
      });
    }
    throw error;
  }
}

async function isCutaway(port: number): Promise<boolean> {
  try {
    const response = await fetch(`http://127.0.0.1:${port}/api/about`, { signal: AbortSignal.timeout(1000) });
    return response.ok && "proxy" in ((await response.json()) as object);
  } catch {
    return false;
  }
}

function welcome(url: string, path: string, session: Session): Line[] {
  return [
    line(title("Cutaway  "), strong(`${url}${path}`)),
    blank,
    line("  record    ", command(`export OPENAI_BASE_URL=${url}/v1`)),
    line("            ", command(`export ANTHROPIC_BASE_URL=${url}`)),
    line("            then run your program: its calls appear here and in the workbench"),
    line("  paste     a request, an answer, SSE text, cURL or HAR into the workbench,"),
    line("            or ", command(typed("cutaway explain FILE"))),
    line("  stored in ", session.pathForPeople(dataFile(session.dataDirectory))),
    blank,
    line(dim("Ctrl-C stops.")),
  ];
}
