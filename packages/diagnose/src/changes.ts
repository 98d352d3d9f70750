import type { Call, Change, Message, Parameters, Part, Request } from "@cutaway/core";

/** A change of parameters only. A parameter set to `undefined` is taken out of the request. */
export function setParameters(says: string, set: Partial<Parameters>, symptom: Change["symptom"]): Change {
  const kept = (parameters: Parameters) => Object.fromEntries(Object.entries({ ...parameters, ...set }).filter(([, value]) => value !== undefined));
  return { says, set, apply: (request) => ({ ...request, parameters: kept(request.parameters) }), symptom };
}

/** A change of one part of a message; parts are found by where they stand. */
export function editPart(says: string, at: string, edit: (part: Part) => Part, symptom: Change["symptom"]): Change {
  const inMessage = (message: Message): Message => ({ ...message, parts: message.parts.map((part) => (part.at === at ? edit(part) : part)) });
  return { says, apply: (request) => ({ ...request, messages: request.messages.map(inMessage) }), symptom };
}

export function editMessages(says: string, edit: (messages: Message[]) => Message[], symptom: Change["symptom"]): Change {
  return { says, apply: (request: Request) => ({ ...request, messages: edit(request.messages) }), symptom };
}

export const finishesWith =
  (...reasons: Call["answers"][number]["finish"]["reason"][]): Change["symptom"] =>
  (call) =>
    call.answers.some(({ finish }) => reasons.includes(finish.reason));

export const failsWith =
  (...kinds: NonNullable<Call["error"]>["kind"][]): Change["symptom"] =>
  (call) =>
    call.error !== undefined && kinds.includes(call.error.kind);
