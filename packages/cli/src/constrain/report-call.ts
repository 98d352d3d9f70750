import { type Call, CutawayError, plain } from "@cutaway/core";
import { distortionOf } from "@cutaway/metrics";
import { heldWords, renderHeld, renderMaskedStep } from "../render/held.ts";
import { joined } from "../render/section.ts";
import type { Session } from "../session.ts";
import { blank, dim } from "../terminal/line.ts";

export interface ReportOptions {
  answer?: number;
  step?: number;
}

/** Prints what the language did to an answer of a call. @throws `not-held`, `bad-option` */
export function reportCall(call: Call, { answer: index = 0, step }: ReportOptions, { out }: Pick<Session, "out">): void {
  const answer = call.answers[index];
  if (!call.local?.constraint) {
    throw new CutawayError("not-held", `call ${call.id} was held to no language: its answer is free`, {
      fix: "Generate one with --schema, --regex or --grammar.",
    });
  }
  if (!answer) throw new CutawayError("bad-option", `--answer: the call has ${call.answers.length} answers`, { fix: "Count from 0." });
  const steps = answer.steps ?? [];
  const distortion = distortionOf(steps);
  const chosen = step === undefined ? undefined : steps[step];
  if (step !== undefined && !chosen) throw new CutawayError("bad-option", `--step: the answer has ${steps.length} tokens`, { fix: "Count from 0." });
  if (out.json) {
    out.printJson(
      plain({
        schema: "cutaway/held-answer",
        version: 1,
        call: call.id,
        answer: index,
        text: answer.text,
        constraint: call.local.constraint,
        held: answer.held ?? null,
        distortion: distortion ?? null,
        ...(chosen && { step: chosen }),
      }) ?? null,
    );
    return;
  }
  const head = joined(heldWords(call).map(dim));
  if (!distortion) return void out.print(head);
  out.print(
    head,
    ...renderHeld(answer.held, distortion, steps, out.width),
    ...(chosen && step !== undefined ? [blank, ...renderMaskedStep(chosen, step, out.width)] : []),
  );
}
