import type { InsideAnswer } from "@cutaway/runtime";
import { type Subject, shownToken } from "../../inside/subject.ts";
import { dim, type Line, line, title } from "../../terminal/line.ts";
import { table } from "../../terminal/table.ts";
import { elide } from "../../terminal/width.ts";
import { chance } from "./chance.ts";
import { heatGrid, legend } from "./heat-grid.ts";
import { signed } from "./token-report.ts";

/** What the target loses without each head, layer or token. */
export function renderAblation(
  { of, set, target, base, cells, tokens, source }: InsideAnswer<"ablation">,
  { text }: Pick<Subject, "text">,
  width: number,
): Line[] {
  const read = source ?? tokens;
  const most = Math.max(...cells.map(({ change }) => Math.abs(change)), Number.MIN_VALUE);
  const name = ({ layer, head, part, position }: (typeof cells)[number]) =>
    position !== undefined
      ? `${position} ${shownToken(read[position]?.bytes ?? new Uint8Array())}`
      : head !== undefined
        ? `${layer}.${head}`
        : `${layer} ${part}`;
  const top = cells.toSorted((a, b) => Math.abs(b.change) - Math.abs(a.change)).slice(0, 10);
  const by = { heads: "head (layer.head)", layers: "layer", positions: "token's embedding" }[of];
  return [
    line(
      title(`“${text(target.token)}” ${chance(base.logprob)}`),
      dim(` · with ${set === "mean" ? "the mean over these tokens" : "zeros"} in the place of one ${by}`),
    ),
    ...table(
      [
        { header: "without", least: 12 },
        { header: "p", align: "right" },
        { header: "nats", align: "right" },
      ],
      top.map((cell) => [name(cell), chance(cell.outcome.logprob), signed(cell.change)]),
      width,
    ),
    ...(cells.length > top.length ? [[dim(`the largest ${top.length} of ${cells.length}`)]] : []),
    ...(of === "heads" ? grid(cells, most, width) : []),
  ];
}

function grid(cells: InsideAnswer<"ablation">["cells"], most: number, width: number): Line[] {
  const layers = [...new Set(cells.flatMap(({ layer }) => layer ?? []))];
  const heads = Math.max(...cells.map(({ head = 0 }) => head)) + 1;
  const found = new Map(cells.map((cell) => [`${cell.layer} ${cell.head}`, cell.change]));
  return [
    line(title("By layer (down) and head (across)")),
    ...heatGrid(
      {
        rows: layers.map(String),
        columns: Array.from({ length: heads }, (_, head) => String(head)),
        value: (row, column) => (found.get(`${layers[row]} ${column}`) ?? 0) / most,
      },
      width,
    ),
    legend("nothing", `${most.toFixed(2)} nats; − the token loses`),
  ];
}

/** Layer by position (or head): how much of the clean text's answer comes with one value carried over. */
export function renderPatching(answer: InsideAnswer<"patching">, texts: { token: string; against: string }, width: number): Line[] {
  const { of, clean, corrupted, cells, tokens, source, corruptedTokens } = answer;
  const own = source ?? tokens;
  const layers = [...new Set(cells.map(({ layer }) => layer))];
  const isByHead = of === "z";
  const across = Math.max(...cells.map(({ position, head }) => (isByHead ? (head ?? 0) : (position ?? 0)))) + 1;
  const found = new Map(cells.map((cell) => [`${cell.layer} ${isByHead ? cell.head : cell.position}`, cell.effect]));
  const differs = own.flatMap(({ bytes, id }, at) =>
    corruptedTokens[at]?.id === id ? [] : [`${at} ${shownToken(bytes)} → ${shownToken(corruptedTokens[at]?.bytes ?? new Uint8Array())}`],
  );
  const top = cells.toSorted((a, b) => Math.abs(b.effect) - Math.abs(a.effect)).slice(0, 5);
  const place = ({ layer, position, head }: (typeof cells)[number]) =>
    isByHead ? `${layer}.${head}` : `layer ${layer} at ${position} ${shownToken(own[position ?? 0]?.bytes ?? new Uint8Array())}`;
  const what = {
    resid_pre: "the stream before a layer",
    attn_out: "what a layer's attention adds",
    mlp_out: "what a layer's MLP adds",
    z: "what one head gives, at all tokens",
  }[of];
  return [
    line(title(`Logit of “${texts.token}” less “${texts.against}”`), ` ${signed(clean)} clean, ${signed(corrupted)} corrupted`),
    line(dim(elide(`they differ at ${differs.join(", ")}`, width))),
    line(dim(`carried over: ${what}; 0 % leaves the corrupted answer, 100 % gives the clean one`)),
    ...(isByHead ? [] : [line(dim(elide(own.map(({ bytes }, at) => `${at} ${shownToken(bytes)}`).join("  "), width)))]),
    ...heatGrid(
      {
        rows: layers.map(String),
        columns: Array.from({ length: across }, (_, at) => String(at)),
        value: (row, column) => found.get(`${layers[row]} ${column}`),
      },
      width,
    ),
    legend("0 %", "100 %; − away from it"),
    line(title("most "), elide(top.map((cell) => `${place(cell)} ${whole(cell.effect)} %`).join(" · "), width - 5)),
  ];
}

/** 0.93 → `93`, below 0 with a minus. */
const whole = (effect: number): string => `${effect < 0 ? "−" : ""}${Math.abs(Math.round(effect * 100))}`;
