export type { GgufDescription } from "./models/describe-gguf.ts";
export { type FindOptions, type FoundModel, findModel } from "./models/find-model.ts";
export type { Patience } from "./models/http-get.ts";
export { type ListedModel, listModels } from "./models/list-models.ts";
export { type ModelFileInfo, modelInfo } from "./models/model-info.ts";
export { type Environment, modelsFolder } from "./models/models-folder.ts";
export { type PullEvent, type PulledModel, type PullOptions, pullModel, type SourceName } from "./models/pull-model.ts";
export {
  defaultModel,
  type HubFile,
  type RegisteredFile,
  type RegisteredModel,
  registeredModel,
  registry,
  type WheelFile,
} from "./models/registry.ts";
