import type { LocalOptions, Message, Parameters, Request, Role } from "@cutaway/core";

/** A message as a person writes it: `text` for one part, or parts as the vocabulary has them. */
export type LocalMessage = { role: Role; text: string } | Message;

export interface LocalRequestFields {
  /** The registry's name of the model, or its file. */
  model: string;
  messages: readonly LocalMessage[];
  parameters?: Parameters;
  local?: LocalOptions;
}

/** A request to the local runtime. What the model cannot do is refused when it is called, not here. */
export function localRequest({ model, messages, parameters = {}, local = {} }: LocalRequestFields): Request {
  return {
    format: "local",
    model,
    messages: messages.map((message, index) => {
      if ("parts" in message) return message;
      const at = `messages[${index}]`;
      return { role: message.role, parts: [{ type: "text", text: message.text, at: `${at}.parts[0].text` }], at };
    }),
    tools: [],
    parameters,
    notUnderstood: [],
    local,
  };
}
