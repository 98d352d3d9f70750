import { regexText } from "../regex/index.ts";
import { emailPattern, encodedLabelPattern, hostnamePattern, ipv4Pattern, ipv6Pattern } from "./formats/hosts.ts";
import { regexLanguage } from "./formats/regexes.ts";
import { datePattern, durationPattern, leapSeconds, timePattern } from "./formats/times.ts";
import { iriPattern, iriReferencePattern, uriPattern, uriReferencePattern, uriTemplatePattern } from "./formats/uris.ts";
import { both, choice, length, not, sequence, type Text } from "./text.ts";

const whole = (pattern: string): Text => regexText(pattern, { search: false });

const time = (): Text => choice(whole(timePattern), leapSeconds(whole("(?:\\.\\d+)?")));

/** The formats of JSON Schema that are regular languages, or of which one covers what is in use (see where each is made). */
const makers: Readonly<Record<string, () => Text>> = {
  date: () => whole(datePattern),
  time,
  "date-time": () => sequence(whole(datePattern), whole("[Tt]"), time()),
  duration: () => whole(durationPattern),
  email: () => whole(emailPattern),
  hostname: () => both(whole(hostnamePattern), length(1, 253), not(whole(encodedLabelPattern))),
  ipv4: () => whole(ipv4Pattern),
  ipv6: () => whole(ipv6Pattern),
  uri: () => whole(uriPattern),
  "uri-reference": () => whole(uriReferencePattern),
  iri: () => whole(iriPattern),
  "iri-reference": () => whole(iriReferencePattern),
  "uri-template": () => whole(uriTemplatePattern),
  uuid: () => whole("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"),
  "json-pointer": () => whole("(?:/(?:[^~/]|~[01])*)*"),
  "relative-json-pointer": () => whole("(?:0|[1-9]\\d*)(?:#|(?:/(?:[^~/]|~[01])*)*)"),
  regex: regexLanguage,
};

/** Made at the first question, and kept: they do not change. */
const made = new Map<string, Text>();

/**
 * The texts of a format, or undefined for a format that says nothing here: one that JSON Schema does not know, and `idn-hostname` and `idn-email`, whose
 * letters are not told apart by any regular language.
 */
export const formatText = (name: string): Text | undefined => {
  const maker = Object.hasOwn(makers, name) ? makers[name] : undefined;
  const text = made.get(name) ?? maker?.();
  if (text !== undefined) made.set(name, text);
  return text;
};

export const formatNames: readonly string[] = Object.keys(makers);
