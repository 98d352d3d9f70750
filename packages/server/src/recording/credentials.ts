import { harmlessParameters } from "@cutaway/provider";

/** The URL as it may be stored: values of unknown query parameters and the fragment are left out. */
export function withoutSecrets(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed) return "";
  for (const name of [...parsed.searchParams.keys()]) if (!harmlessParameters.has(name)) parsed.searchParams.set(name, "redacted");
  parsed.username = parsed.password = parsed.hash = "";
  return parsed.href;
}
