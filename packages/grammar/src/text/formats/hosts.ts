/** Patterns of names and addresses; each is a whole text, with no anchors. */

const octet = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

/** RFC 2673, section 3.2: four decimal numbers up to 255, none with a zero before it. */
export const ipv4Pattern = `${octet}(?:\\.${octet}){3}`;

const group = "[0-9A-Fa-f]{1,4}";
const lastTwo = `(?:${group}:${group}|${ipv4Pattern})`;
const upTo = (groups: number): string => `(?:(?:${group}:){0,${groups - 1}}${group})?`;

/** RFC 4291, section 2.2, in the form of RFC 3986: eight groups, one run of them left out, the last two perhaps as IPv4. */
export const ipv6Pattern = [
  `(?:${group}:){6}${lastTwo}`,
  `::(?:${group}:){5}${lastTwo}`,
  `${upTo(1)}::(?:${group}:){4}${lastTwo}`,
  `${upTo(2)}::(?:${group}:){3}${lastTwo}`,
  `${upTo(3)}::(?:${group}:){2}${lastTwo}`,
  `${upTo(4)}::${group}:${lastTwo}`,
  `${upTo(5)}::${lastTwo}`,
  `${upTo(6)}::${group}`,
  `${upTo(7)}::`,
].join("|");

const label = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

/** RFC 1123, section 2.1: labels of 1 to 63 letters, digits and inner hyphens. */
export const hostnamePattern = `${label}(?:\\.${label})*`;

/**
 * A label with hyphens in the third and fourth place. Only names of other scripts, spelled in ASCII ("xn--…"), may have them, and whether such a spelling means
 * a name cannot be told letter by letter: they are left out.
 */
export const encodedLabelPattern = "(?:[^]*\\.)?[^.]{2}--[^]*";

const atom = "[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+";
const quoted = '"(?:[ !#-\\[\\]-~]|\\\\[ -~])*"';

/**
 * RFC 5321, section 4.1.2: words with dots between, or a quoted text; a host's name or an address in brackets. The name has a dot, as mail on the public
 * internet and most validators want it: `a@localhost` is left out.
 */
export const emailPattern = `(?:${atom}(?:\\.${atom})*|${quoted})@(?:${label}(?:\\.${label})+|\\[(?:${ipv4Pattern}|IPv6:(?:${ipv6Pattern}))\\])`;
