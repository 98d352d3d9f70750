import type { Severity } from "@cutaway/core";

const shapes: Record<Severity, string> = { problem: "■", warning: "▲", note: "●" };

/** Colour, shape and word together: none of them alone. */
export const SeverityMark = ({ severity, count }: { severity: Severity; count?: number }) => (
  <span className={`severity ${severity}`} title={count === undefined ? severity : `${count} ${severity}${count === 1 ? "" : "s"}`}>
    <i aria-hidden="true">{shapes[severity]}</i>
    {count === undefined ? severity : count}
    {count !== undefined && <span className="unseen"> {severity}s</span>}
  </span>
);
