import { existsSync } from "node:fs";
import { CutawayError } from "@cutaway/core";
import { type SweepRow, sweepVocabSizes, type TrainedBpe, type TrainedTokenizer, writeTokenizerJson } from "@cutaway/tokenizer/training";
import { readText } from "../input/read-text.ts";
import { startProgress } from "../progress.ts";
import type { Session } from "../session.ts";
import { blank, dim, line, strong } from "../terminal/line.ts";
import { bytes, count, counted, milliseconds } from "../terminal/numbers.ts";
import { table } from "../terminal/table.ts";
import { type HeldOutCount, heldOutCount } from "../train/held-out.ts";
import { checkTrainOptions, type TokensTrainOptions, trainWith } from "../train/train-with.ts";
import { progressWords } from "../train/training-progress.ts";
import { trainingTexts } from "../train/training-texts.ts";
import { writeFileAtomically } from "../write-file.ts";

export async function run(files: string[], options: TokensTrainOptions, session: Session): Promise<undefined> {
  const { out, interrupted } = session;
  const { out: output, vocabSize, sweep = [], holdout = 0, force = false } = checkTrainOptions(options);
  if (!force && existsSync(output))
    throw new CutawayError("file-exists", `${output} exists`, { fix: "Choose another name, or replace it with --force." });
  const terms = options.terms === undefined ? [] : termsIn(readText(options.terms, out));
  const { texts, heldOut } = trainingTexts(files, holdout, interrupted);
  const progress = startProgress(out);
  const words = progressWords();
  const began = Date.now();
  let readBytes = 0;
  try {
    const largest = await trainWith(
      texts,
      { ...options, vocabSize: Math.max(vocabSize, ...sweep) },
      {
        signal: interrupted,
        onProgress: (event) => {
          if (event.phase === "count") readBytes = event.done;
          progress.update(words(event));
        },
      },
    );
    const trained = isBpe(largest) ? largest.atVocabSize(vocabSize) : largest;
    const rows = isBpe(largest) && sweep.length > 0 ? await sweepVocabSizes(largest, sweep, { heldOut, terms, signal: interrupted }) : [];
    const held = heldOutCount(trained, heldOut);
    const json = writeTokenizerJson(trained);
    writeFileAtomically(output, json, force);
    progress.done();
    report({ trained, asked: vocabSize, readBytes, held, rows, output, size: Buffer.byteLength(json), took: Date.now() - began }, session);
  } finally {
    progress.done();
  }
}

interface Done {
  trained: TrainedTokenizer;
  asked: number;
  readBytes: number;
  held: HeldOutCount | undefined;
  rows: SweepRow[];
  output: string;
  size: number;
  took: number;
}

function report({ trained, asked, readBytes, held, rows, output, size, took }: Done, { out }: Session): void {
  if (out.json) {
    out.printJson({
      schema: "cutaway/tokenizer-trained",
      version: 1,
      file: output,
      type: trained.type,
      vocabSize: trained.vocabSize,
      vocabSizeAsked: asked,
      corpus: { bytes: readBytes, ...trained.corpus },
      heldOut: held ? { ...held } : null,
      sweep: rows.map((row) => ({ ...row })),
    });
    return;
  }
  out.print(
    line(
      strong(counted(trained.vocabSize, "token")),
      dim(`  ${trained.type} · from ${bytes(readBytes)} of text, ${counted(trained.corpus.differentPieces, "different piece")}`),
    ),
  );
  if (held) out.print(line(`${held.bytesPerToken.toFixed(2)} bytes a token`, dim(`  on ${bytes(held.bytes)} held out`)));
  if (rows.length > 0) out.print(blank, ...sweepTable(rows, out.width));
  if (trained.vocabSize < asked) out.say(line(`the text has no more to learn: ${count(trained.vocabSize)} of ${count(asked)} tokens`));
  out.say(line(`wrote ${output} (${bytes(size)}) in ${milliseconds(took)}`));
}

const sweepTable = (rows: readonly SweepRow[], width: number) =>
  table(
    [
      { header: "vocabulary", align: "right" },
      { header: "bytes/token", align: "right" },
      { header: "tokens/term", align: "right" },
    ],
    rows.map((row) => [count(row.vocabSize), row.bytesPerToken?.toFixed(3) ?? "", row.tokensPerTerm?.toFixed(2) ?? ""]),
    width,
  );

const isBpe = (trained: TrainedTokenizer): trained is TrainedBpe => trained.type === "bpe";

const termsIn = (text: string): string[] =>
  text
    .split(/\r?\n/)
    .map((term) => term.trim())
    .filter((term) => term !== "");
