import { CutawayError } from "@cutaway/core";

/** Of an encoder, asked for what only a model that writes can give. */
export const notAGenerator = (name: string, why: string) =>
  new CutawayError("not-a-generator", `${name} is an encoder: ${why}`, {
    fix: "Ask it for vectors of texts (cutaway embed), or use a model that generates.",
    data: { name },
  });
