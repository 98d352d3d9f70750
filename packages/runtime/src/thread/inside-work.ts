import type { InsideRequest } from "@cutaway/core";
import { askInside, type InsideAnswer, type InsideQuestions, type View } from "../inspect/ask-inside.ts";
import { type OpenModel, openModelInside } from "../inspect/open-model.ts";
import { paceOf } from "../inspect/pace.ts";
import type { Vocabulary } from "../ready-model.ts";
import { type FlowMemory, writerOf } from "../streams/flow.ts";
import type { ThreadStart } from "./messages.ts";

/** A question about the inside, on its way into the thread. */
export interface InsideJob<Of extends View = View> {
  view: Of;
  request: InsideRequest;
  question: InsideQuestions[Of];
  flow: FlowMemory;
}

/** The thread's second network: the same weights in float32, open to the inside; read from the file when it is first asked. */
export function createInsideWork({ path }: Pick<ThreadStart, "path">) {
  let opened: OpenModel | undefined;
  return {
    answer(job: InsideJob, vocabulary: Vocabulary, tell: (done: number, of: number, what: string) => void): Promise<InsideAnswer<View>> {
      opened ??= openModelInside(path, { threads: vocabulary.info.engine.threads });
      const pace = paceOf({ tell, isStopped: writerOf(job.flow).isStopped });
      return askInside(job.view, job.request, job.question, { model: opened, vocabulary, pace });
    },
    close() {
      opened?.close();
      opened = undefined;
    },
  };
}
