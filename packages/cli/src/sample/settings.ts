import { CutawayError, type Request } from "@cutaway/core";
import { parseSet, type RequestChanges, withChanges } from "../replay/parse-set.ts";

/** One way to sample: changes to the request, or a search in place of draws. */
export interface SampleSetting {
  name: string;
  changes: RequestChanges;
  /** Beams of a beam search; the most probable answer is shown. */
  beams?: number;
  /** So many answers are drawn, and the one with the highest mean log probability is kept. */
  bestOf?: number;
}

const mostSettings = 64;

/**
 * `--with temperature=0.7,top_p=0.9` (each a setting) and `--vary temperature=0,0.7,1.2` (all combinations); without either, the request as it is.
 * @throws `unknown-parameter`, `bad-option`, `too-many-settings`
 */
export function readSettings(lists: readonly string[] = [], vary: readonly string[] = []): SampleSetting[] {
  const settings = [...lists.map((text) => text.split(/,(?=[\w.]+=)/)), ...(vary.length > 0 ? combinations(vary) : [])].map(settingOf);
  if (settings.length > mostSettings) {
    throw new CutawayError("too-many-settings", `${settings.length} settings would be tried; up to ${mostSettings} are`, {
      fix: "Vary fewer values.",
    });
  }
  return settings.length > 0 ? settings : [{ name: "as asked", changes: { parameters: {}, local: {} } }];
}

function settingOf(items: readonly string[]): SampleSetting {
  const search = items.filter((item) => /^(beams|best_of)=/.test(item));
  const changes = parseSet(
    items.filter((item) => !search.includes(item)),
    "local",
  );
  const setting: SampleSetting = { name: items.join(" "), changes };
  for (const item of search) {
    const [name, text = ""] = item.split("=");
    const value = Number(text);
    if (!/^\d+$/.test(text) || value < 1 || value > 64)
      throw new CutawayError("bad-option", `${item}: give a whole number from 1 to 64`, { fix: `Write ${name}=4.` });
    setting[name === "beams" ? "beams" : "bestOf"] = value;
  }
  if (setting.beams !== undefined && setting.bestOf !== undefined)
    throw new CutawayError("option-without-effect", `${setting.name}: a beam search draws nothing, there is no best of several draws`, {
      fix: "Give one of them.",
    });
  return setting;
}

/** `a=1,2` and `b=3` → [a=1, b=3], [a=2, b=3]. */
function combinations(vary: readonly string[]): string[][] {
  let all: string[][] = [[]];
  for (const text of vary) {
    const at = text.indexOf("=");
    const values =
      at < 0
        ? []
        : text
            .slice(at + 1)
            .split(",")
            .filter((value) => value !== "");
    if (values.length === 0)
      throw new CutawayError("bad-option", `--vary ${text}: there are no values`, { fix: "Write --vary temperature=0,0.7,1.2." });
    all = all.flatMap((before) => values.map((value) => [...before, `${text.slice(0, at)}=${value}`]));
  }
  return all;
}

/** The request under a setting. A seed that holds for all settings is left out where the setting draws nothing. */
export function withSetting(request: Request, { changes, beams, bestOf }: SampleSetting): Request {
  const parameters = withChanges(request.parameters, changes.parameters);
  const drawsNothing = beams !== undefined || parameters.temperature === 0 || parameters.topK === 1;
  if (drawsNothing && changes.parameters.seed === undefined) delete parameters.seed;
  return {
    ...request,
    parameters: { ...parameters, ...(bestOf !== undefined && bestOf > 1 && { n: bestOf }) },
    local: withChanges(request.local ?? {}, changes.local),
  };
}
