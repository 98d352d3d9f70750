import type { Request } from "@cutaway/core";
import { identifyUrl } from "../identify/by-url.ts";

/** Azure deployments and Bedrock name the model in the URL: such a body must not get a `model` of its own. */
export function modelInUrl(request: Request): { model?: string } {
  const { model } = identifyUrl(request.url);
  return model === undefined ? {} : { model };
}
