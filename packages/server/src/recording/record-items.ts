import type { Item, Sink } from "./items.ts";
import type { Recorder } from "./recorder.ts";
import { type Recording, startRecording } from "./recording.ts";

/** Plays items to their recordings, those of one exchange strictly one after the other. */
export function recordItems(recorder: Recorder): Sink {
  const recordings = new Map<number, Recording>();
  const unfinished = new Map<number, Promise<void>>();

  const play = (item: Item): Promise<void> | undefined => {
    if (item.kind === "open") recordings.set(item.call, startRecording(item.seed, recorder));
    const recording = recordings.get(item.call);
    if (!recording) return undefined;
    if (item.kind === "end" || item.kind === "broken" || item.kind === "stopped") recordings.delete(item.call);
    switch (item.kind) {
      case "request":
        recording.request(item.body);
        break;
      case "connected":
        recording.connected(item.at, item.reused);
        break;
      case "headers":
        recording.headers(item.at, item.status, item.headers);
        break;
      case "chunk":
        return recording.chunk(item.at, item.bytes);
      case "end":
        recording.end(item.at);
        break;
      case "broken":
        recording.broken(item.at, item.by, item.message);
        break;
      case "stopped":
        recording.stopped();
        break;
    }
    return undefined;
  };

  return (item) => {
    const before = unfinished.get(item.call);
    const done = before ? before.then(() => play(item)) : play(item);
    if (!done) return undefined;
    unfinished.set(item.call, done);
    return done.then(() => {
      if (unfinished.get(item.call) === done) unfinished.delete(item.call);
    });
  };
}
