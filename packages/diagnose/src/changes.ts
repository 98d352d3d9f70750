import type { Call, Change, LocalOptions, Message, Parameters, Part, Request } from "@cutaway/core";

/** How to tell whether a change helped: the symptom, and what it counts in words. */
export interface Counted {
  counts: string;
  symptom: Change["symptom"];
}

/** A change of parameters only. A parameter set to `undefined` is taken out of the request. */
export function setParameters(says: string, set: Partial<Parameters>, counted: Counted): Change {
  return { says, set, apply: (request) => ({ ...request, parameters: merged(request.parameters, set) }), ...counted };
}

/** A change of what only the local runtime is told. */
export function setLocal(says: string, set: Partial<LocalOptions>, counted: Counted): Change {
  return { says, setLocal: set, apply: (request) => ({ ...request, local: merged(request.local ?? {}, set) }), ...counted };
}

/** A change of one part of a message; parts are found by where they stand. */
export function editPart(says: string, at: string, edit: (part: Part) => Part, counted: Counted): Change {
  const inMessage = (message: Message): Message => ({ ...message, parts: message.parts.map((part) => (part.at === at ? edit(part) : part)) });
  return { says, apply: (request) => ({ ...request, messages: request.messages.map(inMessage) }), ...counted };
}

export function editMessages(says: string, edit: (messages: Message[]) => Message[], counted: Counted): Change {
  return { says, apply: (request: Request) => ({ ...request, messages: edit(request.messages) }), ...counted };
}

export const merged = <T extends object>(old: T, set: Partial<T>): T =>
  Object.fromEntries(Object.entries({ ...old, ...set }).filter(([, value]) => value !== undefined)) as T;

export const finishesWith =
  (...reasons: Call["answers"][number]["finish"]["reason"][]): Change["symptom"] =>
  (call) =>
    call.answers.some(({ finish }) => reasons.includes(finish.reason));
