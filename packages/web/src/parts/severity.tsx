import type { Severity } from "@cutaway/core";

const shapes: Record<Severity, string> = { problem: "■", warning: "▲", note: "●" };

/** Colour, shape and word together: none of them alone. `says` stands for the word, `count` for how many there are. */
export const SeverityMark = ({ severity, count, says }: { severity: Severity; count?: number; says?: string }) => (
  <span className={`severity ${severity}`} title={count === undefined ? severity : `${count} ${severity}${count === 1 ? "" : "s"}`}>
    <i aria-hidden="true">{shapes[severity]}</i>
    {count ?? says ?? severity}
    {(count !== undefined || says !== undefined) && <span className="unseen"> {severity}</span>}
  </span>
);
