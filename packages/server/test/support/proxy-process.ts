// A proxy of its own process, to be killed: prints its URL, then nothing. Arguments: data file, upstream.
import { flushCompileCache } from "node:module";
import { openStore } from "@cutaway/store";
import { startServer } from "../../src/index.ts";

const [path = "", upstream = ""] = process.argv.slice(2);
const server = await startServer({ store: openStore(path), port: 0, upstreams: { openai: upstream, anthropic: upstream } });
process.stdout.write(`${server.url}\n`);
flushCompileCache(); // for the next start: this one will be killed
