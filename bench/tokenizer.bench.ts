import type { BenchResult } from "./run.ts";
import type { Figure } from "./tokenizer/figure.ts";

/** Each figure is a file of its own under `tokenizer/`; a new one needs its name here. */
const figures = ["speed", "offsets", "load", "edit", "worst", "unigram", "wordpiece", "train"] as const;

/** `--figures=NAME,…` runs some of them. */
export default async function tokenizer(options: Record<string, string>): Promise<BenchResult> {
  const wanted = options.figures?.split(",") ?? figures;
  const unknown = wanted.filter((name) => !(figures as readonly string[]).includes(name));
  if (unknown.length > 0) throw new Error(`no such figure: ${unknown.join(", ")}; there are ${figures.join(", ")}`);
  const result: Required<Omit<BenchResult, "plot">> = { metrics: {}, versions: {}, detail: {} };
  for (const name of wanted) {
    const { default: figure } = (await import(`./tokenizer/${name}.ts`)) as { default: Figure };
    const { metrics, versions, detail } = await figure();
    Object.assign(result.metrics, metrics);
    Object.assign(result.versions, versions);
    result.detail[name] = detail;
  }
  return result;
}
