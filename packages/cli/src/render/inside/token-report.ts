import type { TokenReport } from "@cutaway/runtime";
import { type Subject, shownToken } from "../../inside/subject.ts";
import { blank, dim, type Line, line, piece, strong, title } from "../../terminal/line.ts";
import { table } from "../../terminal/table.ts";
import { elide } from "../../terminal/width.ts";
import { wrap } from "../../terminal/wrap.ts";
import { chance } from "./chance.ts";

const names = { "relied-on": "relied on", tail: "end", sink: "sink", lens: "layers" } as const;

/** The verdicts with their figures, and the parts of the prompt by what leaving them out does. */
export function renderReport(report: TokenReport, { text }: Pick<Subject, "text">, width: number): Line[] {
  const { target, parts, verdicts } = report;
  const others = target.top.filter(({ id }) => id !== target.id).slice(0, 3);
  return [
    line(
      title("token     "),
      strong(text(target.id)),
      ` ${chance(target.logprob)}`,
      dim(` · ${target.rank === 0 ? "the likeliest" : `${target.rank} are likelier`}`),
      dim(` · then ${others.map(({ id, logprob }) => `${text(id)} ${chance(logprob)}`).join(", ")}`),
    ),
    ...verdicts.flatMap((verdict) => {
      const words = wrap(line(saysOf(report, verdict.says, text)), width - 10);
      return words.map((words, at) => line(title(at === 0 ? names[verdict.about].padEnd(10) : " ".repeat(10)), ...words));
    }),
    ...(parts.length === 0 ? [] : [blank, ...partTable(report, width)]),
    blank,
    ...wrap(
      dimLine("Leaving out is a test; gradients, attention and the lens are signs. docs/inspect.md tells what each can and cannot say."),
      width,
    ),
  ];
}

const dimLine = (text: string): Line => [dim(text)];

/** A verdict with the texts in it. */
export function saysOf({ parts, tail, tokens, target }: TokenReport, says: string, text: (id: number) => string): string {
  const part = ({ start, end }: { start: number; end: number }) => `“${partText(tokens.slice(start, end))}”`;
  return says
    .replace(/\{(\d+)\}/g, (_, at: string) => part(parts[Number(at)] as (typeof parts)[number]))
    .replaceAll("{tail}", tail ? part(tail) : "")
    .replaceAll("{target}", `“${text(target.id)}”`);
}

const partText = (tokens: TokenReport["tokens"]): string => elide(tokens.map(({ bytes }) => shownToken(bytes)).join(""), 40);

/** The twelve parts that matter most, in the order of the prompt. */
function partTable({ parts, tokens, target }: TokenReport, width: number): Line[] {
  const kept = parts
    .map((part, at) => ({ part, at }))
    .sort((a, b) => Math.abs(b.part.change) - Math.abs(a.part.change))
    .slice(0, 12)
    .sort((a, b) => a.at - b.at);
  const rows = kept.map(({ part }) => [
    partText(tokens.slice(part.start, part.end)),
    part.segment,
    piece(chance(part.logprob), part.change < -Math.LN2 ? "removed" : part.change > Math.LN2 ? "added" : "dim"),
    signed(part.change),
    part.divergence.toFixed(2),
    signed(part.gradient),
  ]);
  return [
    ...table(
      [
        { header: "without", least: 12 },
        { header: "segment", optional: 1 },
        { header: "p", align: "right" },
        { header: "nats", align: "right" },
        { header: "KL", align: "right", optional: 2 },
        { header: "grad × input", align: "right" },
      ],
      rows,
      width,
    ),
    ...(kept.length < parts.length
      ? [dimLine(`${parts.length - kept.length} more parts change less; with all of them ${chance(target.logprob)}`)]
      : [dimLine(`with all of them ${chance(target.logprob)}`)]),
  ];
}

export const signed = (value: number): string => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
