import { parentPort, workerData } from "node:worker_threads";
import type { CallEvent, Stepper } from "@cutaway/core";
import { generate } from "../generate.ts";
import { loadModel } from "../load-model.ts";
import { readyModel } from "../ready-model.ts";
import type { FromThread, JobResult, StepperState, ThreadStart, ToThread } from "./messages.ts";
import { sendableError } from "./sent-error.ts";

/** The thread's end of `open-local-model.ts`: tokenizer, engine and the loop that generates, one job after the other. */
const post = (message: FromThread) => parentPort?.postMessage(message);

/** Events wait for one another this long: a small model makes tokens faster than threads should be woken. */
const batchMs = 4;
let flush = () => {};

const steppers = new Map<number, Stepper>();
let steppersMade = 0;

const loading = loadModel(workerData as ThreadStart).then((model) => ({
  ...model,
  ready: readyModel({ ...model, stepper: announced(model.newStepper()) }),
}));
type ThreadModel = Awaited<typeof loading>;
let working: Promise<void> = loading.then(
  ({ info }) => post({ ready: info }),
  (error) => {
    post({ failed: sendableError(error) });
    parentPort?.close();
  },
);

parentPort?.on("message", (job: ToThread) => {
  working = working.then(async () => {
    const model = await loading;
    try {
      post({ id: job.id, done: await run(job, model) });
    } catch (error) {
      post({ id: job.id, failed: sendableError(error) });
    }
  });
});

async function run(job: ToThread, model: ThreadModel): Promise<JobResult> {
  switch (job.do) {
    case "call":
      return answer(job, model);
    case "score":
      return model.score(job.tokens);
    case "open-stepper":
      return keep(model.newStepper());
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
      for (const stepper of steppers.values()) stepper.close();
      model.close();
      parentPort?.close();
      return undefined;
  }
}

async function answer({ id, request, issued, cancel }: Extract<ToThread, { do: "call" }>, model: ThreadModel): Promise<undefined> {
  const flag = new Int32Array(cancel);
  const signal = {
    get aborted() {
      return Atomics.load(flag, 0) !== 0;
    },
  };
  let batch: CallEvent[] = [];
  let sentAt = 0;
  const send = () => {
    if (batch.length > 0) post({ id, events: batch });
    batch = [];
    sentAt = performance.now();
  };
  flush = () => {
    if (performance.now() - sentAt >= batchMs) send();
  };
  for await (const event of generate(model.ready, request, { signal, issued })) batch.push(event);
  send();
  flush = () => {};
}

/** Sends what there is before the engine takes the thread: nothing is sent while it computes. */
function announced(stepper: Stepper): Stepper {
  return {
    vocabSize: stepper.vocabSize,
    capacity: stepper.capacity,
    get length() {
      return stepper.length;
    },
    feed(ids) {
      flush();
      return stepper.feed(ids);
    },
    truncate: (length) => stepper.truncate(length),
    fork: () => stepper.fork(),
    close: () => stepper.close(),
  };
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
