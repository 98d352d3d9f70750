/**
 * The real server over a temporary store of constructed calls, for looking at the workbench while working on it:
 *   node --conditions=@cutaway/source packages/web/test/serve-samples.ts [port] [tokens of one long answer] [rows more]
 */

import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { newCallId } from "@cutaway/core";
import { explain } from "@cutaway/diagnose";
import { catalog } from "@cutaway/plan";
import { startServer } from "@cutaway/server";
import { openStore } from "@cutaway/store";
import { loadTokenizer } from "@cutaway/tokenizer/named";
import { localSamples } from "./samples/local-samples.ts";
import { recordedCall } from "./samples/recorded-call.ts";
import { sampleCalls } from "./samples/sample-calls.ts";
import { drawnTokens } from "./samples/words.ts";

const [port = 4799, longTokens = 0, rows = 0] = process.argv.slice(2).map(Number);
const store = openStore(join(mkdtempSync(join(tmpdir(), "cutaway-samples-")), "calls.db"));
const now = Date.now();
for (let i = 0; i < rows; i++) {
  const issued = now - 86_400_000 - (rows - i) * 900;
  store.put(
    recordedCall({
      id: newCallId(issued),
      issued,
      provider: "openai",
      model: "gpt-4o-mini",
      messages: [{ role: "user", text: `Question ${i}` }],
      tokens: drawnTokens(3, i),
      seed: i,
    }),
  );
}
if (longTokens > 0) {
  const issued = now - 50 * 61_000;
  store.put(
    recordedCall({
      id: newCallId(issued),
      issued,
      provider: "openai",
      model: "gpt-4o-mini",
      messages: [{ role: "user", text: `Write ${longTokens} tokens.` }],
      tokens: drawnTokens(longTokens, 99),
      tpot: 6,
    }),
  );
}
if (port !== 4798) {
  for (const sample of sampleCalls(now)) {
    const { findings, cost } = await explain(sample.call, { catalog, loadTokenizer });
    store.put({ ...sample, findings, ...(cost && { cost }) });
  }
}
for (const { call, findings } of localSamples(now))
  store.put({ call, findings: findings ?? (await explain(call, { catalog, loadTokenizer })).findings });
const server = await startServer({ store, port, webRoot: fileURLToPath(new URL("../dist", import.meta.url)) });
process.stdout.write(`${server.url}\n`);
