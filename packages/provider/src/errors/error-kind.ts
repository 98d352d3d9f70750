import type { CallErrorKind } from "@cutaway/core";

export interface ErrorFacts {
  status?: number;
  type?: string;
  code?: string;
  message: string;
}

/**
 * What went wrong, from status, the server's own code and type, and the wording. Wording decides only where codes do not: the texts are those
 * of OpenAI, Azure, Anthropic, Bedrock, Gemini, Groq, xAI, Mistral, DeepSeek, vLLM, SGLang, TGI, llama.cpp, LM Studio and Together.
 */
export function errorKind(facts: ErrorFacts): CallErrorKind {
  const { status, message } = facts;
  const word = `${facts.code ?? ""} ${facts.type ?? ""}`.toLowerCase();
  if (isContextLength(word, message)) return "context-length";
  if (isRequestTooLarge(status, word, message)) return "request-too-large";
  if (isQuota(status, word, message)) return "quota";
  if (status === 429 || /rate_limit|too_many_requests|throttl|resource_exhausted/.test(word)) return "rate-limit";
  if (/content_filter|content_policy|responsibleaipolicy|moderation_blocked|data_inspection_failed/.test(word) || contentFilterText.test(message))
    return "content-filter";
  if (status === 529 || status === 503 || /overloaded|service_unavailable|unavailable|slow_down/.test(word)) return "overloaded";
  if (status === 401 || /invalid_api_key|authentication|unauthenticated|unauthorized/.test(word)) return "authentication";
  if (status === 403 || /permission|forbidden|access_denied|accessdenied|unsupported_country/.test(word)) return "permission";
  if (status === 404 || /not_found|deploymentnotfound/.test(word)) return "not-found";
  if (status === 408 || status === 504 || /timeout|timed_out|deadline_exceeded/.test(word)) return "timeout";
  if (overloadedText.test(message)) return "overloaded";
  if (status !== undefined && status >= 400 && status < 500) return "invalid-request";
  if (/invalid_request|bad_?request|validation|unsupported_|invalid_argument|unprocessable|^invalid_/.test(word.trim())) return "invalid-request";
  if (status !== undefined && status >= 500) return "server";
  if (/server_error|api_error|internal|^5\d\d\b/.test(word.trim())) return "server";
  if (rateLimitText.test(message)) return "rate-limit";
  return "unknown";
}

const contextTexts: readonly RegExp[] = [
  /maximum (?:context|prompt|model|sequence) length/i,
  /context[_ ](?:length|window|limit|size)[^.]{0,40}(?:exceed|overflow|too (?:small|long))/i,
  /(?:exceed|longer than|too large for|beyond|greater than)[^.]{0,60}(?:context (?:length|window|size|limit)|model(?:'s)? (?:token limit|maximum))/i,
  /(?:prompt|input|request)(?: is)? too long/i,
  /prompt exceeds max length|exceeds? the (?:available|maximum) context|exceeded model token limit/i,
  /input token count[^.]*exceeds the maximum number of tokens/i,
  /`?inputs`? tokens \+ `?max_new_tokens`? must be|`?inputs`? must have less than \d+ tokens/i,
  /loaded with context length of only/i,
  /range of input length should be/i,
  /number of tokens in the prompt cannot exceed/i,
  /please reduce (?:the length of|your) (?:the )?(?:messages|prompt)(?! size)/i,
];

function isContextLength(word: string, message: string): boolean {
  if (/context_length|context_window|exceed_context_size|max_context/.test(word)) return true;
  return contextTexts.some((text) => text.test(message));
}

/** One request that alone is over the per-minute limit never succeeds, however long one waits. */
function isRequestTooLarge(status: number | undefined, word: string, message: string): boolean {
  if (/request_too_large/.test(word) || /request too large/i.test(message) || status === 413) return true;
  const figures = /\bLimit:? ([\d,]+)[^\d]+(?:Used:? [\d,]+[^\d]+)?Requested:? ([\d,]+)/i.exec(message);
  return figures !== null && plainNumber(figures[2]) > plainNumber(figures[1]);
}

/** Money or a plan's allowance is used up: waiting does not help. Gemini words its per-minute limits as quota, and then says when to retry. */
function isQuota(status: number | undefined, word: string, message: string): boolean {
  if (/insufficient_quota|billing|quota_exceeded|insufficient_balance|insufficient_credits|payment_required|usage_limit_reached/.test(word))
    return true;
  if (status === 402) return true;
  if (/please retry in [\d.]+\s*m?s/i.test(message)) return false;
  return /exceeded your current quota|credit balance is too low|insufficient (?:balance|credits?|funds|quota)|out of credits|spend(?:ing)? limit|monthly (?:usage )?limit|used all available credits/i.test(
    message,
  );
}

const contentFilterText =
  /content management policy|content[- ]filter|flagged by (?:our )?(?:safety|moderation|content)|rejected (?:as a result of|by) our safety system|inappropriate content/i;
const overloadedText = /\boverloaded\b|server is busy|at capacity|high demand|try again later/i;
const rateLimitText = /rate limit|too many requests/i;

const plainNumber = (text: string | undefined): number => Number((text ?? "").replaceAll(",", ""));
