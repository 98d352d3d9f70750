/** Whether a passage is code, markup, a table or JSON rather than prose: by the share of the characters those are written with. */
export function looksLikeCode(passage: string): boolean {
  const head = passage.length > 4_000 ? passage.slice(0, 4_000) : passage;
  const signs = head.match(/[{}[\]<>|;=()"'`\\/$&#@_*+]|\b0x|^ {4}|\t/gm)?.length ?? 0;
  return signs > 0 && signs / head.length >= 0.06;
}
