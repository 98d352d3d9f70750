import type { TokenStep } from "@cutaway/core";
import { ApiError, errorOf } from "./api-error.ts";
import { explanationFromJson, type Opened, stepsFromJson } from "./explanation.ts";
import type { About, CallDiff, CallPage, Imported, VerificationRuns, VerifyRequest, VerifyState } from "./types.ts";
import { withoutNulls } from "./without-nulls.ts";

export interface CallQuery {
  before?: string | undefined;
  limit?: number;
  q?: string;
  model?: string;
  finding?: string;
}

export const api = {
  about: (signal?: AbortSignal) => getJson<About>("/api/about", signal),

  calls: async (query: CallQuery, signal?: AbortSignal): Promise<CallPage> => {
    const page = withoutNulls(await getJson<CallPage>(`/api/calls${queryOf({ ...query })}`, signal));
    return { ...page, rows: page.rows.map(withoutNulls) };
  },

  explanation: async (ref: string, signal?: AbortSignal): Promise<Opened> =>
    explanationFromJson(await getJson(`${callUrl(ref)}?steps=${wholeSteps}`, signal)),

  /** Steps of an answer with their alternatives and stages. */
  steps: async (ref: string, answer: number, from: number, to: number): Promise<TokenStep[]> =>
    stepsFromJson(await getJson(`${callUrl(ref)}/steps${queryOf({ answer, from, to })}`)),

  diff: (a: string, b: string, signal?: AbortSignal) => getJson<CallDiff>(`/api/diff${queryOf({ a, b })}`, signal),

  import: (text: string | Blob) => send<Imported>("POST", "/api/import", text, "text/plain; charset=utf-8"),

  /** Values of null take a parameter or option out of the request. */
  replay: (ref: string, set: object, local: object) =>
    send<{ id: string }>("POST", `${callUrl(ref)}/replay`, JSON.stringify({ set, local }), "application/json"),

  verification: async (ref: string, rule: string, signal?: AbortSignal): Promise<VerificationRuns> => {
    const { arms, ...rest } = withoutNulls(await getJson<VerificationRuns>(`${callUrl(ref)}/verification/${encodeURIComponent(rule)}`, signal));
    return { ...rest, arms: { unchanged: arms.unchanged.map(withoutNulls), changed: arms.changed.map(withoutNulls) } };
  },

  verify: (ref: string, request: VerifyRequest) => send<VerifyState>("POST", `${callUrl(ref)}/verify`, JSON.stringify(request), "application/json"),

  verifying: async (): Promise<VerifyState | undefined> => (await getJson<{ verify: VerifyState | null }>("/api/verify")).verify ?? undefined,

  cancelVerify: () => send<unknown>("DELETE", "/api/verify"),

  remove: (ref: string) => send<unknown>("DELETE", callUrl(ref)),
};

/** Answers with more steps than this come without the steps' alternatives and stages: they are fetched where they are looked at. */
const wholeSteps = 2000;

export type BodyName = "request" | "response";
const callUrl = (ref: string): string => `/api/calls/${encodeURIComponent(ref)}`;
export const bodyUrl = (ref: string, which: BodyName): string => `${callUrl(ref)}/body/${which}`;
export const exportUrl = (ref: string, format: "case.json" | "html"): string => `${callUrl(ref)}/export.${format}`;

async function getJson<T>(url: string, signal?: AbortSignal): Promise<T> {
  return answerOf<T>(await reach(url, { signal: signal ?? null, headers: { accept: "application/json" } }));
}

async function send<T>(method: string, url: string, body?: string | Blob, type?: string): Promise<T> {
  return answerOf<T>(await reach(url, { method, body: body ?? null, headers: type ? { "content-type": type } : {} }));
}

/** Fetch, with one error for a server that is not there. */
export async function reach(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw new ApiError("unreachable", "the Cutaway server does not answer", "Start it again with: npx cutaway view");
  }
}

async function answerOf<T>(response: Response): Promise<T> {
  const text = await response.text();
  if (!response.ok) throw errorOf(response.status, text);
  return (text === "" ? undefined : JSON.parse(text)) as T;
}

function queryOf(values: Record<string, string | number | undefined>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) if (value !== undefined && value !== "") query.set(name, String(value));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}
