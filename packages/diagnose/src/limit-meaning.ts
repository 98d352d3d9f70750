import type { CallError } from "@cutaway/core";

/**
 * What a limit error means. `rate`: wait and try again. `quota`: money or a monthly allowance is used up, waiting does not help.
 * `request-too-large`: this request alone is over the limit and never goes through.
 */
export interface LimitMeaning {
  meaning: "rate" | "quota" | "request-too-large";
  /** Tokens or requests the limit allows, has used, and this request asked for. */
  limit?: number;
  used?: number;
  requested?: number;
}

export function limitMeaning(error: CallError): LimitMeaning | undefined {
  const text = `${error.type ?? ""} ${error.code ?? ""} ${error.message.slice(0, 4_000)}`;
  const numbers = numbersOf(text);
  if (error.kind === "quota" || /insufficient_quota|exceeded your current quota|credit balance is too low|billing_(?:error|hard_limit)/i.test(text)) {
    return { meaning: "quota", ...numbers };
  }
  const alone = numbers.limit !== undefined && numbers.requested !== undefined && numbers.requested > numbers.limit;
  if (error.kind === "request-too-large" || alone || /request too large for|request_too_large/i.test(text)) {
    return { meaning: "request-too-large", ...numbers };
  }
  if (error.kind === "rate-limit" || error.status === 429) return { meaning: "rate", ...numbers };
  return undefined;
}

/** `Limit 30000, Used 29000, Requested 45000` of OpenAI's and its followers' texts. */
function numbersOf(text: string): Omit<LimitMeaning, "meaning"> {
  const read = (name: string) => {
    const digits = new RegExp(`\\b${name}:? ([\\d,]+)`, "i").exec(text)?.[1];
    return digits === undefined ? undefined : Number(digits.replaceAll(",", ""));
  };
  const [limit, used, requested] = [read("limit"), read("used"), read("requested")];
  return { ...(limit !== undefined && { limit }), ...(used !== undefined && { used }), ...(requested !== undefined && { requested }) };
}
