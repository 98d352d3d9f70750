import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { LoadEngine } from "./engine.ts";

interface XGrammar {
  TokenizerInfo: {
    createTokenizerInfo(vocabulary: string[], kind: string, prependSpace: boolean, size: number, stop: number[]): Promise<unknown>;
  };
  GrammarCompiler: {
    createGrammarCompiler(
      info: unknown,
      cache: boolean,
    ): Promise<{
      compileJSONSchema(schema: string, anyWhitespace: boolean, indent: undefined, separators: undefined, strict: boolean): Promise<unknown>;
    }>;
  };
  GrammarMatcher: {
    createGrammarMatcher(compiled: unknown): Promise<{ getNextTokenBitmask(): Promise<Int32Array>; acceptToken(id: number): boolean }>;
  };
}

/**
 * xgrammar's WebAssembly. As published it is a CommonJS file that the package calls a module: a copy with the right ending loads. Any white space, and
 * `strictMode` off, which is what JSON Schema says of properties that a schema does not name.
 */
export const load: LoadEngine = async ({ bytes, end }) => {
  const folder = mkdtempSync(join(tmpdir(), "cutaway-xgrammar-"));
  const copy = join(folder, "xgrammar.cjs");
  copyFileSync(fileURLToPath(import.meta.resolve("@mlc-ai/web-xgrammar")), copy);
  const { TokenizerInfo, GrammarCompiler, GrammarMatcher } = createRequire(import.meta.url)(copy) as XGrammar;
  rmSync(folder, { recursive: true });
  const letters = byteLetters();
  const vocabulary = bytes.map((token, id) => (token.length > 0 ? Array.from(token, (byte) => letters[byte]).join("") : `<|special ${id}|>`));
  const info = await TokenizerInfo.createTokenizerInfo(vocabulary, "byte_level", false, bytes.length, [end]);
  const compiler = await GrammarCompiler.createGrammarCompiler(info, false);
  return {
    async compile(schema) {
      const compiled = await compiler.compileJSONSchema(JSON.stringify(schema), true, undefined, undefined, false);
      return {
        async start() {
          const matcher = await GrammarMatcher.createGrammarMatcher(compiled);
          return {
            async mask() {
              const mask = await matcher.getNextTokenBitmask();
              return new Uint32Array(mask.buffer, mask.byteOffset, mask.length);
            },
            accept(id) {
              if (!matcher.acceptToken(id)) throw new Error(`xgrammar does not take token ${id}`);
            },
          };
        },
      };
    },
  };
};

/** GPT-2's letters for bytes, in which byte-level vocabularies are written. */
function byteLetters(): string[] {
  let next = 256;
  return Array.from({ length: 256 }, (_, byte) => {
    const shown = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || byte >= 0xae;
    return String.fromCodePoint(shown ? byte : next++);
  });
}
