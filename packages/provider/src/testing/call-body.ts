import type { Answer, Call, CallError, Finish, Usage, WireFormat } from "@cutaway/core";
import { newCallId } from "@cutaway/core";
import { encodeAnswer } from "../encode-answer.ts";

/** What to say of an answer; the rest is filled in so that it is a whole one. */
export interface ConstructedAnswer extends Partial<Omit<Answer, "finish">> {
  finish?: Finish;
}

export interface ConstructedCall {
  format: WireFormat;
  /** Default: one answer that says `Hello.` and stops. */
  answers?: ConstructedAnswer[];
  usage?: Usage;
  /** The model served. Default `test-model`. */
  model?: string;
  error?: CallError;
  /** Default `complete`. */
  ending?: Call["ending"];
}

/** The bytes with which a server of that format would answer: one JSON body, or an event stream. */
export function callBody(constructed: ConstructedCall, options: { stream: boolean }): Uint8Array {
  const { format, answers = constructed.error ? [] : [{}], usage = {}, model = "test-model", error, ending = "complete" } = constructed;
  const call: Call = {
    id: newCallId(0, () => 0),
    origin: { kind: "file" },
    format,
    model: { served: model },
    answers: answers.map((answer) => ({ text: "Hello.", toolCalls: [], other: [], finish: { reason: "stop" }, ...answer })),
    usage,
    instants: {},
    response: { id: "test-1" },
    ...(error && { error }),
    ending,
    notices: [],
  };
  return encodeAnswer(call, options);
}

/** Bytes in pieces of that many bytes, for a server that writes them one by one. */
export function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}
