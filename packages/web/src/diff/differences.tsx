import type { JsonValue } from "@cutaway/core";
import type { CallDiff } from "../api/types.ts";
import { visible } from "../format/visible.ts";
import { windowAt } from "./window.ts";

type Difference = CallDiff["request"][number];

/** Fields that differ, by path, before and after. */
export function Differences({ of, names = ["A", "B"] }: { of: readonly Difference[]; names?: readonly [string, string] }) {
  return (
    <table className="differences">
      <thead>
        <tr>
          <th>field</th>
          <th>{names[0]}</th>
          <th>{names[1]}</th>
        </tr>
      </thead>
      <tbody>
        {of.slice(0, 300).map((difference) => (
          <tr key={difference.path}>
            <td>
              <code>{difference.path || "all of it"}</code>
            </td>
            <td>
              <Value value={difference.before} at={difference.at} />
            </td>
            <td>
              <Value value={difference.after} at={difference.at} />
            </td>
          </tr>
        ))}
      </tbody>
      {of.length > 300 && (
        <tfoot>
          <tr>
            <td colSpan={3}>and {of.length - 300} more</td>
          </tr>
        </tfoot>
      )}
    </table>
  );
}

function Value({ value, at }: { value: JsonValue | undefined; at: number | null | undefined }) {
  if (value === undefined) return <em className="dim">not there</em>;
  if (typeof value !== "string") return <span className="value-number">{JSON.stringify(value).slice(0, 600)}</span>;
  const { skipped, same, own } = windowAt(value, at ?? undefined);
  return (
    <span className="value-string">
      {skipped > 0 ? "…" : ""}
      {visible(same.slice(-120))}
      {same === "" ? visible(own.slice(0, 300)) : own !== "" && <mark>{visible(own.slice(0, 300))}</mark>}
    </span>
  );
}
