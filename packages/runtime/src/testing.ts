export { type ScriptedAnswer, type ScriptedModelOptions, scriptedModel, stepsOf } from "./testing/scripted-model.ts";
export { type ScriptedStepperOptions, scriptedStepper } from "./testing/scripted-stepper.ts";
export { chatMl, type TinyLlamaOptions, tinyLlama, tinyLlamaFile } from "./testing/tiny-llama.ts";
