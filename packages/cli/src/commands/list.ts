import { CutawayError, plain } from "@cutaway/core";
import type { CallRow, ListQuery } from "@cutaway/store";
import { renderList } from "../render/list.ts";
import type { Session } from "../session.ts";
import { dim, line } from "../terminal/line.ts";
import { typed } from "../typed-command.ts";

export type ListOptions = Pick<ListQuery, "limit" | "search" | "model" | "finding" | "experiment">;

const pageSize = 500;

export async function run(_args: string[], options: ListOptions, session: Session): Promise<undefined> {
  const { out } = session;
  const store = await session.storeIfAny();
  const { limit = 20, search, model, finding, experiment } = options;
  if (finding !== undefined) await checkRule(finding);
  const rows: CallRow[] = [];
  let before: ListQuery["before"];
  while (store && rows.length < limit) {
    const page = store.list({
      limit: Math.min(pageSize, limit - rows.length),
      ...(before && { before }),
      ...(search !== undefined && { search }),
      ...(model !== undefined && { model }),
      ...(finding !== undefined && { finding }),
      ...(experiment !== undefined && { experiment }),
    });
    rows.push(...page.rows);
    before = page.next;
    if (!before) break;
  }
  if (out.json) {
    out.printJson({ schema: "cutaway/calls", version: 1, calls: rows.map(rowToJson), next: before ?? null });
    return;
  }
  if (rows.length > 0) out.print(...renderList(rows, out.width, Date.now()));
  else
    out.say(
      line(
        (search ?? model ?? finding ?? experiment)
          ? "No stored call fits."
          : typed("No calls yet. cutaway explain FILE stores one; cutaway proxy records them."),
      ),
    );
  if (before) out.say(line(dim("There are older calls: --limit shows more.")));
}

async function checkRule(finding: string): Promise<void> {
  const { rules } = await import("@cutaway/diagnose");
  if (rules.some(({ id }) => id === finding)) return;
  throw new CutawayError("bad-option", `--finding: "${finding}" is no rule`, { fix: `Rules are ${rules.map(({ id }) => id).join(", ")}.` });
}

const known = [
  "issued",
  "provider",
  "model",
  "format",
  "status",
  "inputTokens",
  "outputTokens",
  "cost",
  "ttft",
  "total",
  "parent",
  "error",
  "session",
] as const;

/** A row with every unknown as null. */
function rowToJson(row: CallRow) {
  const unknown = Object.fromEntries(known.map((name) => [name, null]));
  return { ...unknown, ...(plain(row) as object) };
}
