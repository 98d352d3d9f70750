import { parentPort, workerData } from "node:worker_threads";
import type { Stepper } from "@cutaway/core";
import { generate } from "../generate.ts";
import { loadModel } from "../load-model.ts";
import { type AnsweringModel, vocabularyOf } from "../ready-model.ts";
import { readerOf } from "../source-reader.ts";
import { writerOf } from "../streams/flow.ts";
import { steppersInTurn } from "../streams/in-turn.ts";
import { createTapePool } from "../streams/tape-pool.ts";
import { createTurns } from "../streams/turns.ts";
import { createInsideWork } from "./inside-work.ts";
import type { FromThread, JobResult, StepperState, ThreadStart, ToThread } from "./messages.ts";
import { createOutboxes } from "./outboxes.ts";
import { sendableError } from "./sent-error.ts";
import { tokenPacker } from "./token-dictionary.ts";

/**
 * The thread's end of `open-local-model.ts`: tokenizer, engine and the loop that generates. Calls run side by side, as many as there are tapes,
 * and take turns at the network, a token or a piece of a prompt each; all other jobs run one after the other beside them.
 */
const post = (message: FromThread) => parentPort?.postMessage(message);

const start = workerData as ThreadStart;
const steppers = new Map<number, Stepper>();
let steppersMade = 0;
const calls = new Set<Promise<void>>();
const outboxes = createOutboxes();
const inside = createInsideWork(start);

const loading = loadModel(start).then((model) => {
  const { streams = 1, cacheBytes = defaultCacheBytes } = start;
  const { contextSize, cacheBytesPerToken } = model.info;
  const pool = createTapePool({
    tapes: streams,
    positions: cacheBytesPerToken === undefined ? contextSize * streams : Math.floor(cacheBytes / cacheBytesPerToken),
    newStepper: (capacity) => inTurn.of(model.newStepper(capacity)),
    newReader: (stepper) => readerOf(stepper, model.info),
    // One tape alone serves every call, whatever its length.
    ...(streams === 1 && { capacityFor: () => contextSize }),
  });
  const turns = createTurns(() => {
    pool.sweep();
    outboxes.flush();
  });
  const inTurn = steppersInTurn(turns);
  const answering: AnsweringModel = {
    ...vocabularyOf(model),
    async take(need) {
      const tape = await pool.take(need);
      if (tape) inTurn.wanted(tape.stepper, need.isStopped);
      return tape;
    },
    giveBack: pool.giveBack,
  };
  return { ...model, pool, inTurn, answering, pack: tokenPacker(answering.bytesOf) };
});
type ThreadModel = Awaited<typeof loading>;
const defaultCacheBytes = 1024 ** 3;

let working: Promise<void> = loading.then(
  ({ info }) => post({ ready: info }),
  (error) => {
    post({ failed: sendableError(error) });
    parentPort?.close();
  },
);

parentPort?.on("message", (job: ToThread) => {
  const run = async (work: (model: ThreadModel) => JobResult | Promise<JobResult>) => {
    try {
      post({ id: job.id, done: await work(await loading) });
    } catch (error) {
      post({ id: job.id, failed: sendableError(error) });
    }
  };
  if (job.do === "call") {
    const call = run((model) => answer(job, model)).finally(() => calls.delete(call));
    calls.add(call);
  } else working = working.then(() => run((model) => otherJob(job, model)));
});

async function answer({ id, request, issued, flow }: Extract<ToThread, { do: "call" }>, model: ThreadModel): Promise<undefined> {
  const { isStopped, hasWritten, room } = writerOf(flow);
  const signal = {
    get aborted() {
      return isStopped();
    },
  };
  const outbox = outboxes.open((events) => {
    post({ id, ...model.pack(events) });
    hasWritten();
  });
  try {
    for await (const event of generate(model.answering, request, { signal, issued })) {
      outbox.push(event);
      await room();
    }
  } finally {
    outbox.send();
    outbox.close();
  }
}

async function otherJob(job: Exclude<ToThread, { do: "call" }>, model: ThreadModel): Promise<JobResult> {
  switch (job.do) {
    case "score":
      return model.score(job.tokens, {
        ...(job.depth !== undefined && { depth: job.depth }),
        ...(job.source && { source: job.source }),
        isStopped: writerOf(job.flow).isStopped,
      });
    case "embed":
      return model.embed?.(job.texts, writerOf(job.flow).isStopped);
    case "inspect":
      return inside.answer(job, model.answering, (...progress) => post({ id: job.id, progress }));
    case "open-stepper":
      return keep(model.inTurn.of(model.newStepper()));
    case "feed": {
      const stepper = stepperAt(job.stepper);
      new Float32Array(job.logits).set(await stepper.feed(job.ids));
      return undefined;
    }
    case "truncate":
      stepperAt(job.stepper).truncate(job.length);
      return undefined;
    case "fork":
      return keep(await stepperAt(job.stepper).fork());
    case "close-stepper":
      stepperAt(job.stepper).close();
      steppers.delete(job.stepper);
      return undefined;
    case "close":
      await Promise.all(calls);
      for (const stepper of steppers.values()) stepper.close();
      inside.close();
      model.pool.close();
      model.close();
      parentPort?.close();
      return undefined;
  }
}

function keep(stepper: Stepper): StepperState {
  const id = steppersMade++;
  steppers.set(id, stepper);
  return { stepper: id, vocabSize: stepper.vocabSize, length: stepper.length, capacity: stepper.capacity };
}

/** The other end never asks for a stepper that it was not given, or has closed. */
function stepperAt(id: number): Stepper {
  const stepper = steppers.get(id);
  if (!stepper) throw new Error(`there is no stepper ${id}`);
  return stepper;
}
