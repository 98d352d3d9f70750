import type { WireFormat } from "@cutaway/core";

/** What a URL or a body turns out to be: a format that is decoded, or one that is known by name and not decoded. */
export type Identified = { format: WireFormat } | { unsupported: string };
