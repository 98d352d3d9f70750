import { decodeUtf8, type StageReport, type TokenStep } from "@cutaway/core";
import { oneLine } from "../render/excerpt.ts";
import { chance } from "../render/inside/chance.ts";
import { joined } from "../render/section.ts";
import { tokenText } from "../render/tokens.ts";
import { blank, dim, good, type Line, line, piece, strong } from "../terminal/line.ts";
import { count, counted, percent } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { wrap } from "../terminal/wrap.ts";
import type { ResampledAnswer } from "./resampled.ts";
import type { Sampled, Variety } from "./sampled.ts";

/** Settings side by side in figures, then each answer. */
export function renderSamples(samples: readonly Sampled[], variety: readonly Variety[], width: number): Line[] {
  return [
    ...table(
      [
        { header: "setting", least: 16 },
        { header: "tokens", align: "right" },
        { header: "end" },
        { header: "perplexity", align: "right" },
        { header: "entropy", align: "right" },
        { header: "cut off", align: "right" },
        { header: "distinct-2", align: "right" },
        { header: "repeated", align: "right", optional: 1 },
        { header: "score", align: "right" },
      ],
      samples.map((one) => [
        strong(one.setting),
        count(one.tokens),
        one.ending,
        one.perplexity?.toFixed(2) ?? "",
        one.entropy?.toFixed(2) ?? "",
        one.removed === undefined ? "" : percent(one.removed),
        one.distinct2?.toFixed(2) ?? "",
        one.repeated === undefined ? "" : percent(one.repeated),
        one.score?.toFixed(3) ?? "",
      ]),
      width,
    ),
    ...variety.map(({ setting, answers, selfBleu }) =>
      line(dim(`${setting}: self-BLEU ${selfBleu.toFixed(2)} over ${counted(answers, "answer")}, 1 where all are alike`)),
    ),
    ...samples.flatMap((one) => [
      blank,
      line(strong(one.setting), ...(one.call === undefined ? [] : [dim(`  ${one.call}`)])),
      ...one.text
        .trimEnd()
        .split("\n")
        .flatMap((row) => wrap(line(`  ${row}`), width, 2)),
      ...(one.others ?? []).map(({ text, score }) => line(dim(`  ${score.toFixed(3)}  ${oneLine(text, width - 12)}`))),
    ]),
  ];
}

/** One step as a waterfall: the model's alternatives, and what each stage left and took out. */
export function renderWaterfall(setting: string, step: TokenStep, index: number, width: number): Line[] {
  const { stages = [], top = [] } = step;
  return [
    line(strong(setting), dim(`  token ${index} ${JSON.stringify(decodeUtf8(step.bytes))}${step.rank === undefined ? "" : `, rank ${step.rank}`}`)),
    ...(stages.length === 0
      ? [line(dim("  no stage ran"))]
      : table(
          [
            { header: "stage" },
            { header: "kept", align: "right" },
            { header: "took out", align: "right" },
            { header: "entropy, nats", align: "right" },
            { header: "KL", align: "right" },
          ],
          stages.map(stageRow),
          width,
        )),
    ...table(
      [{ header: "token", least: 8 }, { header: "model", align: "right" }, { header: "sampler", align: "right" }, { header: "" }],
      top.map(({ bytes, id, logprob, sampledLogprob, removedBy }) => [
        tokenText(bytes) || "(end)",
        chance(logprob),
        sampledLogprob === undefined ? "" : chance(sampledLogprob),
        removedBy === undefined ? (id === step.id ? good("chosen") : "") : dim(`taken out by ${removedBy}`),
      ]),
      width,
    ),
  ];
}

const stageRow = ({ stage, setting, kept, removedMass, entropyBefore, entropyAfter, kl }: StageReport) => [
  setting === undefined ? stage : `${stage} ${setting}`,
  count(kept),
  removedMass === 0 ? "" : percent(removedMass),
  `${entropyBefore.toFixed(3)} → ${entropyAfter.toFixed(3)}`,
  kl.toFixed(3),
];

/** A stored answer under other settings: how many of its tokens would stay, which is the first that would not, and of which its record cannot tell. */
export function renderResampled(answers: readonly ResampledAnswer[], steps: readonly TokenStep[], width: number): Line[] {
  return [
    ...table(
      [
        { header: "setting", least: 16 },
        { header: "the same", align: "right" },
        { header: "another", align: "right" },
        { header: "cannot tell", align: "right" },
        { header: "first other token", least: 12 },
      ],
      answers.map((one) => {
        const firstStep = one.firstOther === undefined ? undefined : steps[one.firstOther];
        const taken = one.firstOther === undefined ? undefined : one.steps[one.firstOther]?.taken;
        const instead = taken === undefined ? undefined : firstStep?.top?.[taken];
        const shown = firstStep
          ? `${one.firstOther} “${tokenText(firstStep.bytes) || "(end)"}”${instead ? ` → “${tokenText(instead.bytes) || "(end)"}”` : " could not be taken"}`
          : "none";
        return [
          strong(one.setting),
          count(one.steps.filter(({ verdict }) => verdict === "same").length),
          count(one.steps.filter(({ verdict }) => verdict === "other").length),
          one.open === 0 ? "0" : piece(count(one.open), "warning"),
          shown,
        ];
      }),
      width,
    ),
    ...answers.flatMap((one) => reasons(one, width)),
  ];
}

function reasons({ setting, steps }: ResampledAnswer, width: number): Line[] {
  const because = new Map<string, number>();
  for (const step of steps) if (step.because !== undefined) because.set(general(step.because), (because.get(general(step.because)) ?? 0) + 1);
  return [...because].flatMap(([why, times]) => wrap(joined([dim(`${setting}: ${counted(times, "token")}`), dim(why)]), width, 2));
}

/** The same reason with other figures is the same reason. */
const general = (because: string): string => because.replace(/: (?:up to|they have) .*$/, "").replace(/\bthe \d+ (?:tokens )?that/g, "those that");
