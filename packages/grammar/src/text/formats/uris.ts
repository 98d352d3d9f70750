import { ipv4Pattern, ipv6Pattern } from "./hosts.ts";

/** Patterns of RFC 3986 (URI), RFC 3987 (IRI) and RFC 6570 (templates); each is a whole text, with no anchors. */

const percent = "%[0-9A-Fa-f]{2}";
const unreserved = "A-Za-z0-9\\-._~";
const subDelimiters = "!$&'()*+,;=";
/** Letters beyond ASCII that an IRI may have anywhere, and those for its query only. */
const beyondAscii = `\\u00a0-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\uffef${Array.from({ length: 14 }, (_, plane) => {
  const first = plane === 13 ? "e1000" : `${(plane + 1).toString(16)}0000`;
  return `\\u{${first}}-\\u{${(plane + 1).toString(16)}fffd}`;
}).join("")}`;
const privateUse = "\\ue000-\\uf8ff\\u{f0000}-\\u{ffffd}\\u{100000}-\\u{10fffd}";

const identifiers = (more: string, moreInQuery: string): { absolute: string; reference: string } => {
  const segmentCharacter = `(?:[${unreserved}${more}${subDelimiters}:@]|${percent})`;
  const user = `(?:[${unreserved}${more}${subDelimiters}:]|${percent})*@`;
  const named = `(?:[${unreserved}${more}${subDelimiters}]|${percent})*`;
  const bracketed = `\\[(?:${ipv6Pattern}|[vV][0-9A-Fa-f]+\\.[${unreserved}${subDelimiters}:]+)\\]`;
  const authority = `//(?:${user})?(?:${bracketed}|${named}|${ipv4Pattern})(?::\\d*)?`;
  const further = `(?:/${segmentCharacter}*)*`;
  const fromRoot = `/(?:${segmentCharacter}+${further})?`;
  const withoutColon = `(?:[${unreserved}${more}${subDelimiters}@]|${percent})+`;
  const query = `(?:\\?(?:[${unreserved}${more}${moreInQuery}${subDelimiters}:@/?]|${percent})*)?`;
  const fragment = `(?:#(?:[${unreserved}${more}${subDelimiters}:@/?]|${percent})*)?`;
  const path = (rootless: string): string => `(?:${authority}${further}|${fromRoot}|${rootless}${further})`;
  // RFC 3986 lets nothing follow a scheme ("mailto:"); validators do not, and it identifies nothing
  const absolute = `[A-Za-z][A-Za-z0-9+\\-.]*:${path(`${segmentCharacter}+`)}${query}${fragment}`;
  return { absolute, reference: `(?:${absolute}|${path(withoutColon)}?${query}${fragment})` };
};

export const { absolute: uriPattern, reference: uriReferencePattern } = identifiers("", "");
export const { absolute: iriPattern, reference: iriReferencePattern } = identifiers(beyondAscii, privateUse);

const variableCharacter = `(?:[A-Za-z0-9_]|${percent})`;
const variable = `${variableCharacter}(?:\\.?${variableCharacter})*(?::[1-9]\\d{0,3}|\\*)?`;
const literalCharacter = `(?:[!#$&'()*+,\\-./0-9:;=?@A-Z\\[\\]_a-z~${beyondAscii}${privateUse}]|${percent})`;

export const uriTemplatePattern = `(?:${literalCharacter}|\\{[+#./;?&]?${variable}(?:,${variable})*\\})*`;
