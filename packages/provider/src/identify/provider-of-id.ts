/** The provider, where an answer's own id tells it: Anthropic's names the cloud it ran in. */
export function providerOfId(id: string | undefined): string | undefined {
  if (id === undefined) return undefined;
  if (id.startsWith("msg_bdrk_")) return "aws";
  if (id.startsWith("msg_vrtx_")) return "google";
  return /^msg_01[A-Za-z0-9]{22}$/.test(id) ? "anthropic" : undefined;
}
