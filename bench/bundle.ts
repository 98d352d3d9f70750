import { rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "vite";

const folder = fileURLToPath(new URL("dist", import.meta.url));

/**
 * Makes JavaScript of some of the benches' programs, the product's sources included, as its packages are published: running TypeScript as it is takes
 * Node 18 MB for an empty program, and more for a large one. Returns their paths, by name.
 */
export async function bundled<Name extends string>(programs: Record<Name, string>): Promise<Record<Name, string>> {
  rmSync(folder, { recursive: true, force: true });
  const conditions = ["@cutaway/source"];
  const paths = {} as Record<Name, string>;
  for (const [name, path] of Object.entries(programs) as [Name, string][]) {
    await build({
      configFile: false,
      logLevel: "warn",
      root: fileURLToPath(new URL(".", import.meta.url)),
      resolve: { conditions },
      ssr: { resolve: { conditions }, noExternal: [/^@cutaway\//] },
      build: {
        ssr: path,
        outDir: folder,
        emptyOutDir: false,
        target: "node24",
        minify: false,
        rollupOptions: { output: { entryFileNames: `${name}.js` } },
      },
    });
    paths[name] = join(folder, `${name}.js`);
  }
  return paths;
}
