import { basename } from "node:path";
import { type Call, plain } from "@cutaway/core";
import type { LocalModel } from "@cutaway/runtime";
import { defaultModel } from "@cutaway/runtime/models";
import { type RunningModelServer, startModelServer } from "@cutaway/server";
import { dataFile } from "../data-directory.ts";
import { untilInterrupted } from "../interrupts.ts";
import { type EngineOptions, openModel } from "../local/open-model.ts";
import { callLine } from "../serve/call-lines.ts";
import { defaultServePort } from "../serve/default-port.ts";
import { settleHeap } from "../serve/settle-heap.ts";
import type { Session } from "../session.ts";
import { blank, command, dim, type Line, line, piece, strong, title } from "../terminal/line.ts";
import { count, counted } from "../terminal/numbers.ts";

export interface ServeModelOptions extends Pick<EngineOptions, "threads" | "contextSize"> {
  model?: string;
  port?: number;
  host?: string;
  maxStreams?: number;
  queue?: number;
  cacheMemory?: number;
  record: boolean;
}

const defaults = { maxStreams: 32, queue: 64, cacheMemory: 1024 };

export async function run(_args: string[], options: ServeModelOptions, session: Session): Promise<undefined> {
  const { out, interrupted, env } = session;
  const { model: named = defaultModel, port = defaultServePort, host, maxStreams, queue, cacheMemory } = { ...defaults, ...options };
  const engine = { threads: options.threads, contextSize: options.contextSize, streams: maxStreams, cacheBytes: cacheMemory * 1024 * 1024 };
  const model = await openModel(named, engine, session);
  settleHeap();
  try {
    const store = options.record ? await session.store() : undefined;
    const token = env.CUTAWAY_TOKEN || undefined;
    const server = await startModelServer({
      model,
      name: nameForClients(named),
      port,
      streams: maxStreams,
      queue,
      ...(host !== undefined && { host }),
      ...(token !== undefined && { token }),
      ...(store && { store }),
      onFinished: (call) => tell(call, session),
      warn: (message) => out.say(line(piece("! ", "warning"), message)),
    });
    const facts = {
      server,
      model,
      name: nameForClients(named),
      hasToken: token !== undefined,
      maxStreams,
      queue,
      cacheMemory,
      isRecorded: store !== undefined,
    };
    if (out.json) out.write(`${JSON.stringify(asJson(facts))}\n`);
    else out.print(...welcome(facts, session));
    try {
      await untilInterrupted(interrupted);
    } finally {
      await server.close();
    }
    const { unrecorded } = server.counts;
    if (unrecorded === 0) out.say(line(store ? "stopped; finished calls are kept" : "stopped"));
    else out.say(line(piece("! ", "warning"), `stopped; ${counted(unrecorded, "call")} could not be recorded`));
  } finally {
    await model.close();
  }
}

/** A file is known to clients by its name alone; its path is nobody's business. */
const nameForClients = (named: string): string => basename(named).replace(/\.gguf$/i, "");

function tell(call: Call, { out }: Session): void {
  if (out.json) out.write(`${JSON.stringify({ schema: "cutaway/call-finished", version: 1, id: call.id, call: plain(call), findings: [] })}\n`);
  else out.print(callLine(call, []));
}

interface Facts {
  server: RunningModelServer;
  model: LocalModel;
  name: string;
  hasToken: boolean;
  maxStreams: number;
  queue: number;
  cacheMemory: number;
  isRecorded: boolean;
}

const asJson = ({ server, model, name, hasToken, maxStreams, queue, isRecorded }: Facts) => ({
  schema: "cutaway/model-server",
  version: 1,
  url: server.url,
  port: server.port,
  openaiBaseUrl: `${server.url}/v1`,
  model: name,
  contextSize: model.info.contextSize,
  maxStreams,
  queue,
  needsToken: hasToken,
  recorded: isRecorded,
});

function welcome({ server, model, name, hasToken, maxStreams, queue, cacheMemory, isRecorded }: Facts, session: Session): Line[] {
  const key = hasToken ? "$CUTAWAY_TOKEN" : "none";
  const memory = maxStreams === 1 ? "" : `, ${count(cacheMemory)} MiB for all of them`;
  return [
    line(title("Cutaway  "), strong(name), "  at  ", strong(`${server.url}/v1`)),
    blank,
    line("  use       ", command(`export OPENAI_BASE_URL=${server.url}/v1 OPENAI_API_KEY=${key}`)),
    line(`            then run any OpenAI client, with the model "${name}"`),
    line("  answers   ", `${count(maxStreams)} at once, ${count(queue)} may wait; up to ${counted(model.info.contextSize, "token")} each${memory}`),
    line("  stored in ", isRecorded ? session.pathForPeople(dataFile(session.dataDirectory)) : "nothing (--no-record)"),
    blank,
    line(dim("Ctrl-C stops.")),
  ];
}
