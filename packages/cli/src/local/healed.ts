import type { Request } from "@cutaway/core";
import type { LocalModel } from "@cutaway/runtime";
import type { Session } from "../session.ts";
import { line } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";
import { promptOf } from "./prompt-of.ts";

/** The request with its prompt's end healed; says what was taken back. @throws as `healRequest` */
export async function healed(model: LocalModel, request: Request, { out, interrupted }: Session): Promise<Request> {
  const { healRequest } = await import("@cutaway/runtime");
  const tokenizer = model.tokenizer?.tokenizer;
  if (!tokenizer) return request;
  const prompt = await promptOf(model, request, interrupted);
  const isEncoderDecoder = model.info.decoderStart !== undefined;
  const { request: changed, begins, tokens } = healRequest(request, prompt, { tokenizer, isEncoderDecoder });
  if (tokens === 0) out.say(line("healed: nothing, no longer token could span the end"));
  else out.say(line(`healed: ${counted(tokens, "token")} taken back, and the answer begins with ${JSON.stringify(begins)}`));
  return changed;
}
