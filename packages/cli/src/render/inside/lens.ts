import type { InsideAnswer } from "@cutaway/runtime";
import type { Subject } from "../../inside/subject.ts";
import { type Line, piece } from "../../terminal/line.ts";
import { table } from "../../terminal/table.ts";
import { chance } from "./chance.ts";

/** After each layer the three likeliest next tokens, and where the answer stands. */
export function renderLens({ rows }: InsideAnswer<"lens">, { text }: Pick<Subject, "text">, width: number): Line[] {
  const [last] = rows.at(-1)?.cells ?? [];
  const asked = last?.followed ?? last?.answer;
  const lines = rows.map(({ layer, cells: [cell] }) => {
    const followed = cell?.followed ?? cell?.answer;
    const words = [0, 1, 2].flatMap((place) => {
      const one = cell?.top[place];
      if (!one) return ["", ""];
      return [one.id === followed?.id ? piece(text(one.id), "good") : text(one.id), chance(one.logprob)];
    });
    return [layer < 0 ? "embedded" : String(layer), ...words, followed ? String(followed.rank + 1) : "", followed ? chance(followed.logprob) : ""];
  });
  const name = asked ? text(asked.id) : "";
  return table(
    [
      { header: "layer", align: "right" },
      { header: "1st", least: 6 },
      { header: "p", align: "right" },
      { header: "2nd", least: 6 },
      { header: "p", align: "right" },
      { header: "3rd", least: 6, optional: 1 },
      { header: "p", align: "right", optional: 1 },
      { header: `place of ${name}`, align: "right" },
      { header: "its p", align: "right" },
    ],
    lines,
    width,
  );
}
