export { type ConstructedAnswer, type ConstructedCall, callBody, inPieces } from "./testing/call-body.ts";
export { type ReplayAnswer, type ReplayServer, type SeenRequest, startReplayServer } from "./testing/replay-server.ts";
