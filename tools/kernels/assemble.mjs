/**
 * Turns the kernels' text (.wat), and programs in AssemblyScript (.as), into modules' bytes:
 *
 *     npm install --no-save wabt@1.0.39 assemblyscript@0.28.20
 *     npx node tools/kernels/assemble.mjs
 */
import { createHash } from "node:crypto";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const programs = [{ folder: "packages/tokenizer/src/bpe/compiled", name: "pieces" }];
const kernels = [
  { folder: "packages/sampling/src/kernels", name: "kernels" },
  { folder: "packages/runtime/src/engine/steps", name: "steps", features: { relaxed_simd: true, threads: true } },
];
const { default: loadWabt } = await import("wabt");
const wabt = await loadWabt();
for (const { folder, name, features } of kernels) {
  const place = new URL(`../../${folder}/`, import.meta.url);
  const parsed = wabt.parseWat(`${name}.wat`, readFileSync(new URL(`${name}.wat`, place), "utf8"), { simd: true, ...features });
  if (!features) parsed.validate(); // wabt's own check knows no shared memory; the engine checks when it loads
  const { buffer } = parsed.toBinary({});
  write(place, name, "wat", "assembled", buffer);
}

const { default: compiler } = await import("assemblyscript/asc");
for (const { folder, name } of programs) {
  const place = new URL(`../../${folder}/`, import.meta.url);
  const options = ["--optimizeLevel", "3", "--runtime", "stub", "--noAssert", "--use", "abort=", "--enable", "simd", "--initialMemory", "1"];
  let bytes;
  const { error, stderr } = await compiler.main([`${name}.ts`, "--outFile", `${name}.wasm`, "--disableWarning", "112", ...options], {
    readFile: (file) => read(new URL(file.replace(/\.ts$/, ".as"), place)),
    writeFile: (_, contents) => {
      bytes = contents;
    },
    listFiles: () => [],
  });
  if (error) throw new Error(stderr.toString());
  write(place, name, "as", "compiled", bytes);
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

/** With the hash of the texts that it was made from: a test sees where they have changed since. */
function write(place, name, extension, how, bytes) {
  const folder = fileURLToPath(place);
  const hash = createHash("sha256");
  for (const file of globSync(`*.${extension}`, { cwd: folder }).toSorted()) hash.update(readFileSync(`${folder}${file}`));
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,140}/g) ?? [];
  writeFileSync(
    new URL(`${name}.wasm.ts`, place),
    `/** ${name}.${extension}, ${how} by tools/kernels/assemble.mjs: ${bytes.length} bytes in base64, from sha256:${hash.digest("hex")}. */\nexport const ${name}Wasm =\n${lines.map((line) => `  "${line}"`).join(" +\n")};\n`,
  );
}
