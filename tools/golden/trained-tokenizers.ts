import { writeFileSync } from "node:fs";
import { writeTokenizerJson } from "@cutaway/tokenizer/training";
import { textsToEncode, trainCase, trainingCases, trainingTexts } from "../../packages/tokenizer/test/training/cases.ts";

/** Writes the tokenizers that the tests train, and their texts and settings, to a folder: the first step of `trained-tokenizers.py`, which says how to run both. */
const [folder = "."] = process.argv.slice(2);
for (const trainingCase of trainingCases) writeFileSync(`${folder}/${trainingCase.name}.json`, writeTokenizerJson(await trainCase(trainingCase)));
writeFileSync(`${folder}/cases.json`, JSON.stringify({ cases: trainingCases, texts: trainingTexts, encode: textsToEncode }));
