#!/usr/bin/env node
// In a clone the sources run as they are; a published package runs its build.
import { existsSync } from "node:fs";
import { enableCompileCache, registerHooks } from "node:module";

const [major] = process.versions.node.split(".").map(Number);
if (major < 24) {
  process.stderr.write(`cutaway needs Node 24 or newer; this is ${process.version}. Inside a clone, npm scripts and npx use the right one.\n`);
  process.exit(2);
}

enableCompileCache();
const source = new URL("../src/main.ts", import.meta.url);
if (existsSync(source)) {
  registerHooks({
    resolve: (specifier, context, next) => next(specifier, { ...context, conditions: ["@cutaway/source", ...context.conditions] }),
  });
  await import(source.href);
} else {
  await import("../dist/main.js");
}
