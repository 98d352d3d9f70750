import { CutawayError } from "@cutaway/core";
import { localRequest } from "@cutaway/runtime";
import { type SubjectOptions, tokenJson, tokenOf } from "../inside/subject.ts";
import { withSubject } from "../inside/with-subject.ts";
import { renderPatching } from "../render/inside/changes.ts";
import type { Session } from "../session.ts";

export interface PatchOptions extends SubjectOptions {
  corrupted?: string;
  against?: string;
  of?: "resid" | "attention" | "mlp" | "heads";
  layers?: number[];
}

const hooks = { resid: "resid_pre", attention: "attn_out", mlp: "mlp_out", heads: "z" } as const;

export async function run(
  [argument]: string[],
  { corrupted, against, of = "resid", layers, ...options }: PatchOptions,
  session: Session,
): Promise<undefined> {
  if (corrupted === undefined) {
    throw new CutawayError("no-prompt", "patching needs two prompts", {
      fix: "Give the other one with --corrupted; it has the same number of tokens.",
    });
  }
  return withSubject(argument, options, session, async (subject) => {
    const { request } = subject.request;
    const messages = request.messages.with(-1, {
      role: "user",
      parts: [{ type: "text", text: corrupted, at: "messages[0].parts[0].text" }],
      at: "messages[0]",
    });
    const other = { request: localRequest({ model: request.model, messages, ...(request.local && { local: request.local }) }) };
    const best = async (ask: typeof subject.request) =>
      (await subject.model.inspect("lens", ask, { top: 1 })).rows.at(-1)?.cells[0]?.answer.id as number;
    const token = subject.token ?? (await best(subject.request));
    const rival = against === undefined ? await best(other) : tokenOf("--against", against, subject.model, session);
    if (token === rival) {
      throw new CutawayError("no-difference", `the model answers both prompts with ${JSON.stringify(subject.text(token))}`, {
        fix: "Choose prompts with different answers, or name the tokens with --token and --against.",
      });
    }
    const answer = await subject.ask("patching", { corrupted: other, token, against: rival, of: hooks[of], ...(layers && { layers }) });
    const { tokens, corruptedTokens, ...found } = answer;
    const texts = { token: subject.text(token), against: subject.text(rival) };
    return {
      json: {
        schema: "cutaway/inspect-patching",
        version: 1,
        ...texts,
        ...found,
        tokens: tokens.map(tokenJson),
        corruptedTokens: corruptedTokens.map(tokenJson),
      },
      lines: (width) => renderPatching(answer, texts, width),
    };
  });
}
