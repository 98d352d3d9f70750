import type { Call, Change, Request, Segment } from "@cutaway/core";
import { costIfCached, sharedPrefix, splitPrompt } from "@cutaway/plan";
import { callRule, type Found } from "../call-rule.ts";
import { type Counted, setParameters } from "../changes.ts";
import { inField, inPrompt, within } from "../evidence.ts";
import { promptTexts } from "../texts.ts";
import { dollars, quote, tokens } from "../words.ts";

/** How long a prefix is kept for certain: the shortest lifetime the providers promise, in milliseconds. */
const lifetime = 5 * 60_000;

/** An earlier call began with the same prompt, and nothing (or little) of it was read from the cache. */
export const cacheMiss = callRule({
  id: "cost.cache-miss",
  title: "A prompt prefix was paid for again",
  check: (call, facts): Found[] => {
    const { inputTokens, cacheReadTokens } = call.usage;
    if (!call.request || call.format === "local" || inputTokens === undefined || cacheReadTokens === undefined || call.answers.length === 0)
      return [];
    const smallest = facts.entry?.cacheMinTokens ?? 1_024;
    if (inputTokens < smallest || cacheReadTokens > inputTokens / 2) return [];
    const segments = splitPrompt(call.request).segments;
    const perCharacter = inputTokens / Math.max(1, lengthOf(segments));

    const nearest = nearestOf(call, call.request, segments, facts.related ?? []);
    if (!nearest) return [];
    const shared = Math.floor(nearest.characters * perCharacter);
    if (shared >= smallest * 1.1) {
      const missed = shared - cacheReadTokens;
      return missed >= shared / 2 && missed >= smallest ? [unread(call, segments, nearest, missed, smallest)] : [];
    }
    const volatile = nearest.parting && volatileAt(nearest.parting);
    const lost = volatile && Math.floor((volatile.equalAfter + equalSegmentsAfter(nearest, segments)) * perCharacter);
    return volatile && lost !== undefined && lost >= smallest ? [broken(call, nearest, volatile, lost)] : [];
  },
});

/** The earlier call that begins most alike, and where the two prompts part. */
interface Nearest {
  earlier: Call;
  before: Segment[];
  /** Leading segments that are the same as a whole, and all characters that are the same. */
  whole: number;
  characters: number;
  /** Absent where one prompt is the beginning of the other. */
  parting?: { at: string; offset: number; before: string; after: string };
}

/** Among the calls of the same model that are recent enough to be in the cache. */
function nearestOf(call: Call, request: Request, segments: Segment[], related: Call[]): Nearest | undefined {
  const now = timeOf(call);
  let nearest: Nearest | undefined;
  for (const earlier of related.slice(-20)) {
    const then = timeOf(earlier);
    const outside = now !== undefined && then !== undefined && (now - then > lifetime || then > now);
    if (!earlier.request || earlier.error || earlier.id === call.id || outside || earlier.request.model !== request.model) continue;
    const { segments: whole, parts } = sharedPrefix(earlier.request, request);
    const characters = lengthOf(segments.slice(0, whole)) + (parts?.offset ?? 0);
    if (nearest && characters < nearest.characters) continue;
    const before = splitPrompt(earlier.request).segments;
    const parting = parts && { at: parts.at, offset: parts.offset, before: before[whole]?.text ?? "", after: segments[whole]?.text ?? "" };
    nearest = { earlier, before, whole, characters, ...(parting && { parting }) };
  }
  return nearest;
}

const lengthOf = (segments: Segment[]) => segments.reduce((sum, { text }) => sum + text.length, 0);
const timeOf = (call: Call) => call.instants.issued ?? (call.response?.created === undefined ? undefined : call.response.created * 1_000);

/** The prefix was the same and long enough, and still not read from the cache. */
function unread(call: Call, segments: Segment[], nearest: Nearest, missed: number, smallest: number): Found {
  const explicit = call.format === "anthropic-messages";
  const marked = hasBreakpoint(call.request);
  const timed = timeOf(call) !== undefined && timeOf(nearest.earlier) !== undefined;
  const read = call.usage.cacheReadTokens ?? 0;
  const change = explicit ? (marked ? undefined : markPrefix(segments[nearest.whole - 1]?.at, read)) : withCacheKey(call, read);
  const why = explicit
    ? marked
      ? "the marked prefix was written again instead of read"
      : "the request marks no prefix to be cached (cache_control)"
    : "it was routed to another machine or had expired";
  return {
    severity: "warning",
    certainty: explicit && !marked ? "certain" : timed ? "likely" : "possible",
    says: `About ${tokens(missed)} at the beginning of the prompt equal an earlier call's and were paid in full${saving(call, missed)}: ${why}.`,
    evidence: [
      inField(
        call,
        "usage.cacheReadTokens",
        `${tokens(call.usage.cacheReadTokens ?? 0)} read from the cache, at least ${tokens(smallest)} make a prefix`,
      ),
      ...parted(call, nearest),
    ],
    ...(change && { change }),
  };
}

/** The prefix parts early at something that changes with every call, and goes on equal behind it. */
function broken(call: Call, nearest: Nearest, volatile: Volatile, lost: number): Found {
  return {
    severity: "warning",
    certainty: "likely",
    says: `${volatile.what} near the beginning of the prompt (${quote(volatile.text)}) changes with every call, so that about ${tokens(lost)} that are equal behind it cannot be cached${saving(call, lost)}: move it to the end.`,
    evidence: parted(call, nearest),
  };
}

function parted(call: Call, { parting }: Nearest): Found["evidence"] {
  const part = parting && promptTexts(call).find(({ at }) => at === parting.at);
  if (!parting || !part || part.type === "tool-call") return [];
  const start = Math.min(parting.offset, Math.max(0, part.text.length - 1));
  return [inPrompt(call, part.at, within(part.text, start, start + 40), "here it parts from the earlier call")];
}

const hasBreakpoint = (request: Request | undefined) =>
  [...(request?.tools ?? []), ...(request?.messages ?? []).flatMap(({ parts }) => parts)].some(
    ({ cacheBreakpoint }) => cacheBreakpoint !== undefined,
  );

interface Volatile {
  what: string;
  text: string;
  /** Code units that agree again after it, within the same segment. */
  equalAfter: number;
}

const kinds: { what: string; pattern: RegExp }[] = [
  { what: "An id", pattern: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$|^[0-9a-f]{16,}$|^(?=\w*\d)[A-Za-z0-9_-]{16,}$/i },
  { what: "A time", pattern: /\d{1,2}:\d{2}|\d{4}-\d{2}-\d{2}|^1[6-9]\d{8,11}$|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}/ },
  { what: "A number", pattern: /^\W*\d[\d.,]*\W*$/ },
];

/** Where two texts part, the word there, if it is of a kind that changes with every call. */
function volatileAt({ before, after, offset }: NonNullable<Nearest["parting"]>): Volatile | undefined {
  const wordAt = (text: string) => {
    const start = (/\S*$/.exec(text.slice(Math.max(0, offset - 80), offset))?.[0].length ?? 0) * -1 + offset;
    const end = offset + (/^\S*/.exec(text.slice(offset, offset + 120))?.[0].length ?? 0);
    return { text: text.slice(start, end), end };
  };
  const [a, b] = [wordAt(before), wordAt(after)];
  const kind = kinds.find(({ pattern }) => pattern.test(stripped(a.text)) && pattern.test(stripped(b.text)));
  if (!kind) return undefined;
  let equalAfter = 0;
  while (
    a.end + equalAfter < before.length &&
    b.end + equalAfter < after.length &&
    before.charCodeAt(a.end + equalAfter) === after.charCodeAt(b.end + equalAfter)
  )
    equalAfter++;
  return { what: kind.what, text: stripped(b.text), equalAfter };
}

const stripped = (word: string) => word.replace(/^["'([<{]+|["')\]>},.;]+$/g, "");

/** Code units of the segments after the parting one that are in both prompts. */
function equalSegmentsAfter({ before, whole }: Nearest, segments: Segment[]): number {
  const others = new Set(before.slice(whole + 1).map(({ text }) => text));
  return lengthOf(segments.slice(whole + 1).filter(({ text }) => others.has(text)));
}

/** What the miss cost at the call's own prices. */
function saving(call: Call, missed: number): string {
  const better = costIfCached(call, (call.usage.cacheReadTokens ?? 0) + missed);
  return "saved" in better && better.saved > 0 ? ` (${dollars(better.saved)} more than from the cache)` : "";
}

/** At most as much is read from the cache as the call read that was looked at. */
const readsNoMore = (read: number): Counted => ({
  counts: `at most ${tokens(read)} of the prompt are read from the cache`,
  symptom: ({ usage }) => usage.cacheReadTokens !== undefined && usage.cacheReadTokens <= read,
});

function withCacheKey(call: Call, read: number): Change | undefined {
  if (call.request?.parameters.promptCacheKey !== undefined) return undefined;
  return setParameters(
    "send a prompt_cache_key, so that calls with this prefix reach the same machine",
    { promptCacheKey: "shared-prefix" },
    readsNoMore(read),
  );
}

/** A breakpoint after the last part that both prompts share as a whole. */
function markPrefix(at: string | undefined, read: number): Change | undefined {
  if (at === undefined) return undefined;
  return {
    says: `put a cache breakpoint after ${at}`,
    apply: (request) => ({
      ...request,
      tools: request.tools.map((tool) => (tool.at === at ? { ...tool, cacheBreakpoint: {} } : tool)),
      messages: request.messages.map((message) => ({
        ...message,
        parts: message.parts.map((part) => (part.at === at ? { ...part, cacheBreakpoint: {} } : part)),
      })),
    }),
    ...readsNoMore(read),
  };
}
