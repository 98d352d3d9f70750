export type { PromptPart } from "./chat/marks.ts";
export { type PromptTokenOptions, promptTokens } from "./chat/prompt-tokens.ts";
export { type ChatOptions, type RenderedPrompt, rawPrompt, renderChat } from "./chat/render-chat.ts";
