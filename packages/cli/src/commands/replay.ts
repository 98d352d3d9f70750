import { type Call, CutawayError, type JsonObject, type JsonValue, plain, type Request } from "@cutaway/core";
import { explain } from "@cutaway/diagnose";
import { diffCalls } from "@cutaway/metrics";
import { catalog } from "@cutaway/plan";
import type { Store } from "@cutaway/store";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { type ReadRecorded, readCalls } from "../input/read-calls.ts";
import { startProgress } from "../progress.ts";
import { renderDiff } from "../render/diff.ts";
import { type RunRow, renderReplayPrice, renderRuns } from "../render/replay.ts";
import { baseUrlFor } from "../replay/base-url.ts";
import { parseSet, withChanges } from "../replay/parse-set.ts";
import { priceOf, type ReplayPrice } from "../replay/plan-replay.ts";
import { type Replayed, runReplays } from "../replay/run-replays.ts";
import { sendLive } from "../replay/send-live.ts";
import { localSender, refuseRemoteOptions } from "../replay/send-local.ts";
import type { Session } from "../session.ts";
import { blank, line } from "../terminal/line.ts";
import { counted, usd } from "../terminal/numbers.ts";

export interface ReplayOptions {
  set?: string[];
  model?: string;
  baseUrl?: string;
  repeat?: number;
  maxCost?: number;
  maxCalls?: number;
  dryRun?: boolean;
}

export async function run([reference = ""]: string[], options: ReplayOptions, session: Session): Promise<number> {
  const { out } = session;
  const { repeat = 1, maxCost, maxCalls } = options;
  const { original, store } = await findOriginal(reference, options.dryRun !== true, session);
  const request = changedRequest(original, options);
  const isLocal = request.format === "local";
  if (isLocal) refuseRemoteOptions(options);
  const baseUrl = isLocal ? undefined : baseUrlFor(original, options.baseUrl);
  const price = await priceOf(original, request);
  if (options.dryRun || !store) return dryRun(price, request, repeat, baseUrl, session);
  if (maxCost !== undefined && (price.atMost === undefined || price.counter)) {
    const uncounted = price.counter && "the recording has no count of input tokens by the provider, and ours leaves out message framing";
    throw new CutawayError(
      "price-unknown",
      `--max-cost cannot be kept: ${uncounted ?? price.unknown ?? "the longest answer this model may give is not known"}`,
      {
        fix: "Limit the number with --max-calls, or set max_tokens.",
      },
    );
  }

  const local = isLocal ? await localSender(original, request, options.model, session) : undefined;
  const send = local?.send ?? ((signal: AbortSignal) => sendLive(original, request, baseUrl, signal));
  const runs: RunRow[] = [];
  const progress = startProgress(out);
  const started = Date.now();
  let stopped: unknown;
  try {
    for await (const replayed of runReplays({ send, repeat, maxCost, maxCalls, atMost: price.atMost }, session.interrupted)) {
      runs.push(await keep(replayed, original, store));
      progress.update(progressWords(runs, repeat, Date.now() - started));
      if (replayed.call.error && failsForGood(replayed.call)) break;
    }
  } catch (error) {
    stopped = error;
  } finally {
    progress.done();
    await local?.close();
  }
  report(runs, original, reference, session);
  if (session.interrupted.aborted) out.say(line(`interrupted: ${counted(runs.length, "call")} kept`));
  if (stopped) throw stopped;
  return exitCodeFor(runs);
}

async function findOriginal(reference: string, keepIt: boolean, session: Session): Promise<{ original: Call; store: Store | undefined }> {
  let found: Call | undefined;
  let store: Store | undefined;
  for await (const read of readCalls(reference, session)) {
    if (read.kind === "unsupported") throw new CutawayError("unsupported-format", `unsupported-format: ${read.name}  ${read.from}: ${read.says}`);
    if (found)
      throw new CutawayError("several-calls", `${reference} holds several calls`, {
        fix: `Store them with cutaway import ${reference} and name one by its id.`,
      });
    if (keepIt) store = await session.store();
    found = read.kind === "recorded" && store ? keptOnce(read, store) : read.call;
  }
  if (!found) throw new CutawayError("nothing-there", `${reference} holds no call`);
  return { original: found, store };
}

/** As it was read now, for its URL may be another, under the id that the recording has in the store. */
function keptOnce({ call, bodies }: ReadRecorded, store: Store): Call {
  const before = store.sameRecording(bodies);
  return before === undefined ? store.put({ call, bodies }) : { ...call, id: before };
}

function changedRequest(original: Call, { set = [], model }: ReplayOptions): Request {
  if (!original.request) {
    throw new CutawayError("no-request", "only the answer of this call was recorded: there is nothing to send", {
      fix: "Record the request too: a request with its response, or the proxy.",
    });
  }
  const { format } = original.request;
  const changes = parseSet(set, format);
  return {
    ...original.request,
    parameters: withChanges(original.request.parameters, changes.parameters),
    ...(format === "local" && { local: withChanges(original.request.local ?? {}, changes.local) }),
    ...(model !== undefined && { model }),
  };
}

function dryRun(price: ReplayPrice, request: Request, repeat: number, baseUrl: string | undefined, { out }: Session): number {
  const times = (each: number | undefined) => (each === undefined ? null : each * repeat);
  if (out.json) {
    out.printJson({
      schema: "cutaway/replay-plan",
      version: 1,
      calls: repeat,
      model: request.model,
      baseUrl: baseUrl ?? null,
      inputTokens: price.inputTokens ?? null,
      inputTokensCountedBy: price.counter ?? null,
      outputTokens: price.outputTokens ?? null,
      mostOutputTokens: price.mostOutputTokens ?? null,
      costAsBefore: times(price.asBefore),
      costAtMost: times(price.atMost),
      unknown: price.unknown ?? null,
    });
  } else out.print(...renderReplayPrice(price, request, repeat, placeOf(request, baseUrl), out.width));
  return 0;
}

const placeOf = ({ format }: Request, baseUrl: string | undefined): string =>
  format === "local" ? "on this machine" : `at ${baseUrl ?? "the provider's own address"}`;

/** Stored with its findings as soon as it has ended: what comes later cannot lose it. */
async function keep({ call, bodies }: Replayed, original: Call, store: Store): Promise<RunRow> {
  const { findings, cost } = await explain(call, { catalog, loadTokenizer, related: store.related(call) });
  const kept = store.put({ call, bodies, findings, ...(cost && { cost }) });
  return { call: kept, diff: diffCalls(original, kept), cost: cost?.total };
}

/** An error that the next call would meet as well. */
const failsForGood = ({ error }: Call): boolean =>
  error !== undefined && error.kind !== "rate-limit" && error.kind !== "overloaded" && error.kind !== "timeout";

function progressWords(runs: readonly RunRow[], repeat: number, elapsedMs: number): string {
  const spent = runs.reduce((sum, { cost }) => sum + (cost ?? 0), 0);
  return `${runs.length} of ${counted(repeat, "call")} · ${((runs.length / elapsedMs) * 60_000).toFixed(1)} a minute · ${usd(spent)} so far`;
}

function report(runs: readonly RunRow[], original: Call, reference: string, { out }: Session): void {
  if (out.json) {
    const items = runs.map(({ call, diff, cost }): JsonValue => ({ id: call.id, cost: cost ?? null, diff: plain(diff) as JsonObject }));
    out.printJson({ schema: "cutaway/replay", version: 1, original: original.id, runs: items });
    return;
  }
  const [first] = runs;
  if (!first) return;
  const shown = runs.length === 1 ? first : (runs.find(({ diff }) => diff.answers.length > 0) ?? first);
  if (runs.length > 1) out.print(...renderRuns(runs, out.width), blank);
  out.print(...renderDiff(shown.diff, original, shown.call, [reference, shown.call.id], out.width));
  if (runs.length === 1 && first.cost !== undefined) out.print(blank, line(`cost ${usd(first.cost)}`));
}

const authentication = new Set(["authentication", "permission"]);

function exitCodeFor(runs: readonly RunRow[]): number {
  const failed = runs.map(({ call }) => call.error).find((error) => error !== undefined);
  if (!failed) return 0;
  return authentication.has(failed.kind) ? 4 : 5;
}
