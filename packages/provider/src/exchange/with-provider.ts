import type { Push } from "../codec.ts";
import { providerOfId } from "../identify/provider-of-id.ts";

/** Adds the provider where the URL did not tell it and the answer's id does. */
export function withProvider(push: Push, provider: string | undefined): Push {
  let isKnown = provider !== undefined;
  return (event) => {
    push(event);
    if (isKnown || event.type !== "response-start") return;
    const told = providerOfId(event.response.id);
    if (told === undefined) return;
    isKnown = true;
    push({ type: "call-start", model: { provider: told } });
  };
}
