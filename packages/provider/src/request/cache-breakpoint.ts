import type { JsonObject, JsonValue } from "@cutaway/core";
import { filledOf, objectOf } from "../json/fields.ts";

/** `cache_control` of a part or a tool, as Anthropic writes it and OpenRouter and Alibaba take it over. */
export function cacheBreakpoint(json: JsonObject): { cacheBreakpoint?: { ttl?: string } } {
  const control = objectOf(json.cache_control);
  if (!control) return {};
  const ttl = filledOf(control.ttl);
  return { cacheBreakpoint: ttl === undefined ? {} : { ttl } };
}

/** The same, to be spread into a part that is written. */
export function cacheControl(of: { cacheBreakpoint?: { ttl?: string } }): { cache_control?: JsonValue } {
  if (!of.cacheBreakpoint) return {};
  return { cache_control: { type: "ephemeral", ...(of.cacheBreakpoint.ttl !== undefined && { ttl: of.cacheBreakpoint.ttl }) } };
}
