/**
 * Adds llama.cpp's ids to a fixture that gguf-tokenizer.py made. Run in a folder of its own with `npm install node-llama-cpp@3.22.1`:
 *
 *     node llama-cpp-ids.mjs MODEL.gguf FIXTURE.json
 */
import { readFileSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";
import { getLlama } from "node-llama-cpp";

const [model, fixture] = process.argv.slice(2).map((path) => resolve(path));
const llama = await getLlama({ gpu: false, build: "never" });
const loaded = await llama.loadModel({ modelPath: model, vocabOnly: true });
const golden = JSON.parse(readFileSync(fixture, "utf8"));
golden.llamaCpp = golden.texts.map((text) => loaded.tokenize(text, true).join(" "));
golden.llamaCppVersion = `node-llama-cpp 3.22.1, llama.cpp ${llama.llamaCppRelease.release}`;
writeFileSync(fixture, `${JSON.stringify(golden).replace(/[\u007f-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)}\n`);
