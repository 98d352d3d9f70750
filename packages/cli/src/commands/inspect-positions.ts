import type { JsonValue } from "@cutaway/core";
import { fitted } from "../inside/with-subject.ts";
import { renderPositions } from "../render/inside/positions.ts";
import type { Session } from "../session.ts";

/** Reads weights and configuration; nothing is run. */
export async function run([named]: string[], _options: object, { out, env, interrupted }: Session): Promise<undefined> {
  const { defaultModel, findModel } = await import("@cutaway/runtime/models");
  const { describePositions } = await import("@cutaway/runtime/inspect");
  const { path } = await findModel(named ?? defaultModel, { env, signal: interrupted });
  const report = describePositions(path);
  if (out.json) out.printJson({ schema: "cutaway/inspect-positions", version: 1, model: named ?? defaultModel, ...report } as unknown as JsonValue);
  else out.print(...fitted(renderPositions(report, out.width), out.width));
}
