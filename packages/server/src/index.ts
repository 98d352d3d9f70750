export { auditHtml } from "./html/audit-page.ts";
export { caseInHtml } from "./html/case-block.ts";
export { comparisonHtml } from "./html/comparison-page.ts";
export { exportHtml } from "./html/export-html.ts";
export { type LocalModels, type LocalModelsOptions, localModels, type OpenModel } from "./local-models.ts";
export { type ModelSources, modelOf } from "./model-of.ts";
export type { RecordingCounts } from "./recording/store-recorder.ts";
export { type RunningServer, type ServerOptions, startServer } from "./start-server.ts";
