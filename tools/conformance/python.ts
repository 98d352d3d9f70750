import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cache } from "./packages.ts";

/** The interpreter that has the references: the one given, else one in the cache, which is made where there is none. */
export function python(given: string | undefined): string {
  if (given) return given;
  const environment = join(cache, "python");
  const path = join(environment, "bin", "python");
  if (!existsSync(path)) execFileSync("python3", ["-m", "venv", environment], { stdio: "inherit" });
  if (!existsSync(join(environment, "installed"))) {
    const requirements = join(import.meta.dirname, "requirements.txt");
    execFileSync(path, ["-m", "pip", "install", "--quiet", "--no-deps", "--requirement", requirements], { stdio: "inherit" });
    execFileSync(
      path,
      ["-c", "import tokenizers, tiktoken, sentencepiece, pathlib; pathlib.Path(__import__('sys').argv[1]).touch()", join(environment, "installed")],
      {
        stdio: "inherit",
      },
    );
  }
  return path;
}
