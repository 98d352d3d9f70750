import { CutawayError } from "@cutaway/core";

/** The file is sound but holds a model that the engine does not run. */
export function unsupportedModel(message: string, data: Record<string, unknown> = {}): CutawayError {
  return new CutawayError("unsupported-model", message, {
    fix: "docs/architectures.md lists the architectures, docs/local-models.md the types of weights.",
    data,
  });
}

/** The file contradicts itself: its weights are not those of the model that its metadata describes. */
export function badModel(message: string, data: Record<string, unknown> = {}): CutawayError {
  return new CutawayError("bad-model", message, { fix: "Download the file again, or convert the model again.", data });
}
