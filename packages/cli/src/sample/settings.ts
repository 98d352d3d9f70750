import { CutawayError, type Request } from "@cutaway/core";
import type { BeamOptions } from "@cutaway/sampling";
import { parseSet, type RequestChanges, withChanges } from "../replay/parse-set.ts";

/** One way to sample: changes to the request, or a search in place of draws. */
export interface SampleSetting {
  name: string;
  changes: RequestChanges;
  /** A beam search, of which the most probable answer is shown. */
  search?: BeamSetting;
  /** So many answers are drawn, and the one with the highest mean log probability is kept. */
  bestOf?: number;
}

export type BeamSetting = Pick<BeamOptions, "beams" | "lengthPenalty" | "earlyStopping" | "groups" | "diversityPenalty">;

/** How the options of a search are written, and what they take. */
const searchOptions: { [name: string]: { option: keyof BeamSetting; read(text: string): number | boolean | "never" | undefined; takes: string } } = {
  beams: { option: "beams", read: wholeTo64, takes: "a whole number from 1 to 64" },
  groups: { option: "groups", read: wholeTo64, takes: "a whole number from 1 to 64" },
  length_penalty: { option: "lengthPenalty", read: decimal, takes: "a number" },
  diversity_penalty: { option: "diversityPenalty", read: decimal, takes: "a number" },
  early_stopping: {
    option: "earlyStopping",
    read: (text) => (text === "never" ? "never" : text === "true" ? true : text === "false" ? false : undefined),
    takes: "true, false or never",
  },
};

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
  const nameOf = (item: string) => item.slice(0, Math.max(0, item.indexOf("=")));
  const isOwn = (item: string) => nameOf(item) === "best_of" || Object.hasOwn(searchOptions, nameOf(item));
  const changes = parseSet(
    items.filter((item) => !isOwn(item)),
    "local",
  );
  const setting: SampleSetting = { name: items.join(" "), changes };
  const search: Record<string, unknown> = {};
  for (const item of items.filter(isOwn)) {
    const [name, text] = [nameOf(item), item.slice(item.indexOf("=") + 1)];
    const known = searchOptions[name];
    const value = known ? known.read(text) : wholeTo64(text);
    if (value === undefined)
      throw new CutawayError("bad-option", `${item}: ${name} takes ${known?.takes ?? "a whole number from 1 to 64"}`, {
        fix: `Give ${name} another value.`,
      });
    if (known) search[known.option] = value;
    else setting.bestOf = value as number;
  }
  const isSearch = Object.keys(search).length > 0;
  if (isSearch && search.beams === undefined)
    throw new CutawayError("option-without-effect", `${setting.name}: without beams there is no search`, { fix: "Add beams=4." });
  if (isSearch && setting.bestOf !== undefined)
    throw new CutawayError("option-without-effect", `${setting.name}: a beam search draws nothing, there is no best of several draws`, {
      fix: "Give one of them.",
    });
  return isSearch ? { ...setting, search: search as unknown as BeamSetting } : setting;
}

function wholeTo64(text: string): number | undefined {
  return /^\d{1,2}$/.test(text) && Number(text) >= 1 && Number(text) <= 64 ? Number(text) : undefined;
}

function decimal(text: string): number | undefined {
  return text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : undefined;
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
export function withSetting(request: Request, { changes, search, bestOf }: SampleSetting): Request {
  const parameters = withChanges(request.parameters, changes.parameters);
  const drawsNothing = search !== undefined || parameters.temperature === 0 || parameters.topK === 1;
  if (drawsNothing && changes.parameters.seed === undefined) delete parameters.seed;
  return {
    ...request,
    parameters: { ...parameters, ...(bestOf !== undefined && bestOf > 1 && { n: bestOf }) },
    local: withChanges(request.local ?? {}, changes.local),
  };
}
