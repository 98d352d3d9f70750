import type { Cost } from "@cutaway/core";
import { formatCount, formatUsd } from "../format/numbers.ts";

/** The arithmetic of a cost: units × price per million = amount, line by line, and where the price comes from. */
export function CostLines({ cost }: { cost: Cost }) {
  return (
    <>
      <table className="cost-lines">
        <thead>
          <tr>
            <th>what</th>
            <th>units</th>
            <th>per M</th>
            <th>amount</th>
          </tr>
        </thead>
        <tbody>
          {cost.lines.map((line) => (
            <tr key={`${line.what} ${line.count}`}>
              <td>{line.what}</td>
              <td>{formatCount(line.units)}</td>
              <td>× ${line.per}</td>
              <td>{formatUsd(line.amount)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <td colSpan={3}>total</td>
            <td title={`$${cost.total}`}>{formatUsd(cost.total)}</td>
          </tr>
        </tfoot>
      </table>
      <p className="fine">
        Price of {cost.price.provider} / {cost.price.model} on{" "}
        <time dateTime={cost.price.at} title={cost.price.at}>
          {cost.price.at.slice(0, 10)}
        </time>
        , from {cost.price.source.name} {cost.price.source.version}, list of {cost.price.source.date}.
      </p>
      {cost.caveats.map((caveat) => (
        <p key={caveat} className="fine caveat">
          {caveat}
        </p>
      ))}
    </>
  );
}
