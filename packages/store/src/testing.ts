export { sampleCall } from "./testing/sample-call.ts";
export { type StoreCase, storeCases } from "./testing/store-cases.ts";
