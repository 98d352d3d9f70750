export { type Beam, type BeamOptions, beamSearch } from "./beam-search.ts";
export { type Engine, type EngineOptions, loadEngine } from "./engine/load-engine.ts";
export { onnxRuntimeVersion } from "./engine/onnx-runtime-version.ts";
export { type GenerateOptions, generate } from "./generate.ts";
export { type LocalMessage, type LocalRequestFields, localRequest } from "./local-request.ts";
export type { EmbeddingInfo, LocalModelInfo } from "./model-info.ts";
export { type ReadyModel, readyModel } from "./ready-model.ts";
export type { LocalModel } from "./thread/model-in-thread.ts";
export { type ModelFile, type OpenModelOptions, openLocalModel } from "./thread/open-local-model.ts";
