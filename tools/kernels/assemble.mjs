/**
 * Turns the kernels' text into modules' bytes:
 *
 *     npm install --no-save wabt@1.0.39
 *     node tools/kernels/assemble.mjs
 */
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";

const kernels = [
  { folder: "packages/sampling/src/kernels", name: "kernels" },
  { folder: "packages/runtime/src/engine/steps", name: "steps", features: { relaxed_simd: true, threads: true } },
];
const require = createRequire(process.env.WABT_FROM ?? import.meta.url);
const wabt = await require("wabt")();
for (const { folder, name, features } of kernels) {
  const place = new URL(`../../${folder}/`, import.meta.url);
  const parsed = wabt.parseWat(`${name}.wat`, readFileSync(new URL(`${name}.wat`, place), "utf8"), { simd: true, ...features });
  if (!features) parsed.validate(); // wabt's own check knows no shared memory; the engine checks when it loads
  const { buffer } = parsed.toBinary({});
  const lines =
    Buffer.from(buffer)
      .toString("base64")
      .match(/.{1,140}/g) ?? [];
  writeFileSync(
    new URL(`${name}.wasm.ts`, place),
    `/** ${name}.wat, assembled by tools/kernels/assemble.mjs: ${buffer.length} bytes in base64. */\nexport const ${name}Wasm =\n${lines.map((line) => `  "${line}"`).join(" +\n")};\n`,
  );
}
