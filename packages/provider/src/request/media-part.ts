import type { Part } from "@cutaway/core";

type Media = Extract<Part, { type: "media" }>;

/** A media part from a URL, which may carry the data itself (`data:image/png;base64,…`): the data is measured and not copied. */
export function mediaPart(
  media: Media["media"],
  at: string,
  source: { url?: string | undefined; base64?: string | undefined; mediaType?: string | undefined; detail?: string | undefined },
): Part {
  const part: Media & { at: string } = { type: "media", media, at };
  const inline = /^data:([^;,]{0,100})(;base64)?,/.exec(source.url ?? "");
  if (inline && source.url) {
    const data = source.url.length - inline[0].length;
    part.bytes = inline[2] ? base64Bytes(source.url, inline[0].length) : data;
    if (inline[1]) part.mediaType = inline[1];
  } else if (source.url !== undefined) part.url = source.url;
  if (source.base64 !== undefined) part.bytes = base64Bytes(source.base64, 0);
  if (source.mediaType !== undefined) part.mediaType = source.mediaType;
  if (source.detail !== undefined) part.detail = source.detail;
  return part;
}

/** Size of what base64 text encodes, from its length and padding. */
function base64Bytes(text: string, start: number): number {
  const padding = text.endsWith("==") ? 2 : text.endsWith("=") ? 1 : 0;
  return Math.max(0, Math.floor(((text.length - start) * 3) / 4) - padding);
}
