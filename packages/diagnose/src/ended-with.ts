import type { Answer, Call } from "@cutaway/core";
import { quote } from "./words.ts";

/** Who answered the call, in a sentence: a local run has no provider. */
export const answerer = (call: Call): string => (isLocal(call) ? "the local runtime" : "the provider");

/** Whether a model on this machine answered, or refused to. */
export const isLocal = ({ local, request }: Call): boolean => local !== undefined || request?.format === "local";

/** Who ended the answer, and with which word. */
export const endedWith = (call: Call, { finish }: Answer): string => `${answerer(call)} ended it with ${quote(finish.raw ?? finish.reason)}`;
