import type { Call, Request } from "@cutaway/core";

/** Whether two calls asked the same of the same model: what only says how the answer is sent or recorded does not count. */
export function sameRequest(a: Call, b: Call): boolean {
  if (!a.request || !b.request || a.request.model !== b.request.model || a.request.messages.length !== b.request.messages.length) return false;
  return askedIn(a.request) === askedIn(b.request);
}

function askedIn({ messages, tools, parameters, local = {} }: Request): string {
  const { stream: _, streamUsage: _u, logprobs: _l, topLogprobs: _t, user: _i, promptCacheKey: _k, serviceTier: _s, ...asked } = parameters;
  const said = messages.map(({ role, parts }) => [role, parts.map(({ at: _at, cacheBreakpoint: _c, ...part }) => part)]);
  return JSON.stringify([said, tools.map(({ json }) => json), sorted(asked), sorted(local)]);
}

const sorted = (fields: object) => Object.entries(fields).sort(([a], [b]) => (a < b ? -1 : 1));
