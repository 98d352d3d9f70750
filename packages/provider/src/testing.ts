export { type ReplayAnswer, type ReplayServer, startReplayServer } from "./testing/replay-server.ts";
