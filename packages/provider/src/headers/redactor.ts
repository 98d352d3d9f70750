import type { Call } from "@cutaway/core";

/** Takes the caller's own credentials out of what is about to be kept: a server that echoes a key must not put it on disk or on a screen. */
export interface Redactor {
  /** Bytes of the same length, the credential as asterisks. */
  bytes(bytes: Uint8Array): Uint8Array;
  /** The same value where nothing was found, otherwise a copy. */
  value<T>(value: T): T;
  /** A folded Call: also a credential that came in pieces stands in it whole. */
  call(call: Call): Call;
}

export function redactor(secrets: readonly string[]): Redactor {
  const needles = [...new Set(secrets.filter((secret) => secret.length >= shortest))].sort((a, b) => b.length - a.length);
  const encoded = needles.map((needle) => Buffer.from(needle));

  const text = (value: string): string =>
    needles.reduce((left, needle) => (left.includes(needle) ? left.replaceAll(needle, stars(needle)) : left), value);
  const bytes = (value: Uint8Array): Uint8Array => {
    const view = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    if (!encoded.some((needle) => view.includes(needle))) return value;
    const copy = Buffer.from(view);
    for (const needle of encoded) for (let at = copy.indexOf(needle); at >= 0; at = copy.indexOf(needle, at)) copy.fill("*", at, at + needle.length);
    return new Uint8Array(copy);
  };
  const deep = (value: unknown): unknown => {
    if (typeof value === "string") return text(value);
    if (typeof value !== "object" || value === null) return value;
    if (value instanceof Uint8Array) return bytes(value);
    if (Array.isArray(value)) {
      const items = value.map(deep);
      return items.some((item, i) => item !== value[i]) ? items : value;
    }
    const entries = Object.entries(value).map(([name, item]) => [name, deep(item)] as const);
    return entries.some(([name, item]) => item !== (value as Record<string, unknown>)[name]) ? Object.fromEntries(entries) : value;
  };
  const value = <T>(whole: T): T => (needles.length === 0 ? whole : (deep(whole) as T));

  return {
    bytes,
    value,
    call(call) {
      const clean = value(call);
      if (clean === call) return call;
      // The steps of a text spell it token by token: where it held a credential, so do they.
      const answers = clean.answers.map((answer, i) => {
        const { steps, ...rest } = answer;
        return steps && answer.text !== call.answers[i]?.text ? rest : answer;
      });
      return { ...clean, answers };
    },
  };
}

/** Shorter texts are no credentials, and would be found everywhere. */
const shortest = 8;

const stars = (secret: string) => "*".repeat(secret.length);

/** Query parameters that are not credentials. */
export const harmlessParameters: ReadonlySet<string> = new Set(["api-version", "beta", "stream", "limit", "order", "after", "before", "timeout"]);

/** The credentials that a request carries, wherever clients put them: headers by name, without the scheme too, and unknown query parameters. */
export function credentialsOf(headers: Record<string, string | string[] | undefined>, url: string): string[] {
  const found: string[] = [];
  for (const [name, value] of Object.entries(headers)) {
    if (/auth|key|token|secret|cookie|password/i.test(name))
      for (const content of [value].flat()) found.push(content ?? "", (content ?? "").replace(/^\S+\s+/, ""));
  }
  const parsed = URL.parse(url, "http://localhost");
  for (const [name, value] of parsed?.searchParams ?? []) if (!harmlessParameters.has(name)) found.push(value);
  return found;
}

/** The keys that live calls are made with. */
export const environmentKeys = (environment: Record<string, string | undefined> = process.env): string[] =>
  ["OPENAI_API_KEY", "AZURE_OPENAI_API_KEY", "ANTHROPIC_API_KEY"].flatMap((name) => environment[name]?.trim() ?? []);
