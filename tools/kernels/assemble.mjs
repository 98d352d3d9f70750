/**
 * Turns packages/sampling/src/kernels/kernels.wat into the module's bytes.
 *
 *     npm install --no-save wabt@1.0.39
 *     node tools/kernels/assemble.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const folder = new URL("../../packages/sampling/src/kernels/", import.meta.url);
const require = createRequire(process.env.WABT_FROM ?? import.meta.url);
const wabt = await require("wabt")();
const parsed = wabt.parseWat("kernels.wat", readFileSync(new URL("kernels.wat", folder), "utf8"), { simd: true });
parsed.validate();
const { buffer } = parsed.toBinary({});
const lines =
  Buffer.from(buffer)
    .toString("base64")
    .match(/.{1,140}/g) ?? [];
writeFileSync(
  new URL("kernels.wasm.ts", folder),
  `/** kernels.wat, assembled by tools/kernels/assemble.mjs: ${buffer.length} bytes in base64. */\nexport const kernelsWasm =\n${lines.map((line) => `  "${line}"`).join(" +\n")};\n`,
);
