export { explain, type Sources } from "./explain.ts";
export { explanationToJson, findingToJson } from "./explanation-to-json.ts";
export { findingsOf } from "./findings-of.ts";
export { keepVerifications } from "./keep-verifications.ts";
export { rules } from "./rules/index.ts";
export { stripOf } from "./strip-of.ts";
export { type VerifyOptions, verify } from "./verify.ts";
