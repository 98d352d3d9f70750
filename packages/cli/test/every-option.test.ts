import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { LocalModel } from "@cutaway/runtime";
import { tinyLlama } from "@cutaway/runtime/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { modelFolder } from "../../runtime/test/model-folder.ts";
import { commands } from "../src/commands.ts";
import type { EngineOptions } from "../src/local/open-model.ts";
import { buildWeb, webState } from "../src/serve/web-build.ts";
import { chatAnswer, chatRequest, cutPair, pair } from "./bodies.ts";
import { enterEmptyFolder, type Outcome, runInProcess } from "./in-process.ts";
import { optionRows, type Rows, slow } from "./option-rows.ts";
import { type ServedModel, serveModel } from "./served-model.ts";

/** Models stay open from one row to the next: opening one takes longer than all that is asked of it. */
const opened = new Map<string, { model: LocalModel; threads: number }>();
vi.mock("../src/local/open-model.ts", async (original) => {
  const { openModel } = await original<typeof import("../src/local/open-model.ts")>();
  return {
    async openModel(name: string, options: EngineOptions, session: never) {
      const key = JSON.stringify([name, options]);
      const kept = opened.get(key) ?? { model: await openModel(name, options, session), threads: options.threads ?? 0 };
      opened.set(key, kept);
      threadsAsked.push(kept.threads);
      return Object.create(kept.model, { close: { value: async () => {} } });
    },
  };
});
const threadsAsked: number[] = [];
const browsers: string[] = [];
vi.mock("../src/serve/open-browser.ts", () => ({ openBrowser: (address: string) => browsers.push(address) }));

const longOf = (option: { flags: string }) => option.flags.match(/--[a-z-]+/)?.[0] ?? option.flags;

test("every option of every command has a row, and every row an option", () => {
  const options = commands.flatMap(({ name, options }) => options.map((option) => `${name} ${longOf(option)}`));
  const rows = [
    ...Object.entries(optionRows).flatMap(([name, { rows }]) => Object.keys(rows).map((option) => `${name} ${option}`)),
    ...Object.entries(slow).flatMap(([name, { typed, served }]) => [...typed, ...served].map((option) => `${name} ${option}`)),
  ];
  expect(rows.toSorted()).toEqual(options.toSorted());
});

test.each(Object.entries(slow))(
  "%s: its own test types its options, and it serves by those of another command",
  (name, { test, typed, as, served }) => {
    const source = readFileSync(new URL(test, import.meta.url), "utf8");
    for (const option of typed) expect(source).toContain(`"${option}"`);
    const optionsOf = (command: string) => commands.find((spec) => spec.name === command)?.options ?? [];
    for (const option of served) expect(optionsOf(name)).toContain(optionsOf(as).find((spec) => longOf(spec) === option));
  },
);

interface Seen extends Omit<Outcome, "stdout" | "stderr" | "files"> {
  files: unknown;
  stdout: unknown;
  stderr: unknown;
  /** How often each server was asked, and what. */
  asked: unknown[][];
  threads: number[];
  browsers: number;
  /** Calls that were stored, and the last of them. */
  stored: number;
  last: unknown;
}

describe("without it and with it", () => {
  const here = enterEmptyFolder();
  const folders: { remove(): void }[] = [];
  const servers: ServedModel[] = [];
  const ids: Record<string, string> = {};
  let port = 0;

  beforeAll(async () => {
    if (webState() !== "current") await buildWeb(new AbortController().signal); // else the first that serves would say that it builds
    const put = (name: string, text: string | Uint8Array) => writeFileSync(name, text);
    put("tiny.gguf", tinyLlama({ seed: 3, endless: true }));
    put("other.gguf", tinyLlama({ seed: 4, endless: true }));
    const folder = (name: string, architecture: string, options = {}) => {
      const made = modelFolder(architecture, options);
      folders.push(made);
      cpSync(made.path, name, { recursive: true });
    };
    folder("encoder", "bert", { around: { before: "[UNK]", after: "</s>" } });
    folder("encoder2", "bert", { config: { hidden_act: "relu" } });
    folder("t5", "t5");
    folder("mixtral", "mixtral", { files: { "chat_template.jinja": "{% for message in messages %}v {{ message.content }} u {% endfor %}" } });
    const undated = JSON.parse(cutPair());
    delete undated.response.body.created;
    put("cut.json", cutPair());
    put("undated.json", JSON.stringify(undated));
    put("long.json", pair(chatRequest({ max_tokens: 400 }), chatAnswer("Said at length. ".repeat(400), "stop")));
    put("chat.jinja", "{% for message in messages %}[{{ message.content }}]{% endfor %}");
    put("city.json", JSON.stringify(schemaOf({ city: { enum: ["Oslo", "Rome"] }, age: { type: "integer", maximum: 99 } })));
    put("two.json", JSON.stringify(schemaOf({ a: { enum: [1] } })));
    put("free.json", JSON.stringify({ type: "array", items: { type: "string" }, uniqueItems: true }));
    put("yes.gbnf", 'root ::= "yes" | "no"');
    put("yes.txt", 'root ::= "yes" | "no"');
    put("queries.csv", "text,language,tongue,answer,note\nHello there you,en,xx,Hi,a longer note\nBonjour,fr,yy,,other\n");
    put("terms.csv", "term,other,count,times\nheat pump,pump,3,900\nTHX-4470-B,valve,40,1\n");
    put("many-terms.txt", Array.from({ length: 80 }, (_, i) => `Wärmepumpe-THX${i}`).join("\n"));
    put("corpus.txt", "the cat sat on the Mat, 42 U.S.C. § 1983, a heat pump THX-4470-B and the hat of the cat\n".repeat(60));
    for (const name of ["there.case.json", "there.html", "there.json"]) put(name, "already");
    mkdirSync("models");
    cpSync("tiny.gguf", "models/tiny.gguf");
    const { fetch } = globalThis;
    vi.stubGlobal("fetch", (input: string | URL | Request, init?: RequestInit) => {
      const { hostname } = new URL(input instanceof Request ? input.url : input);
      return hostname === "127.0.0.1" ? fetch(input, init) : Promise.reject(new TypeError("fetch failed: the tests have no network"));
    });
    for (const words of ["One.", "Two."]) servers.push(await serveModel(() => words));
    port = await freePort();
    const env = { CUTAWAY_DIR: "store-seed" };
    const remember = async (name: string, args: string[]) => {
      const ran = await runInProcess(args, { env });
      expect([ran.code, ran.stderr]).toEqual([0, expect.anything()]);
      const { calls } = JSON.parse((await runInProcess(["list", "--json", "--limit", "1"], { env })).stdout);
      ids[name] = calls[0].id;
    };
    const tiny = ["--model", "tiny.gguf", "--threads", "1", "--max-tokens", "24", "--seed", "5", "--quiet"];
    await remember("CUT", ["import", "cut.json"]);
    await remember("LONG", ["import", "long.json"]);
    await remember("LOCAL", ["generate", "hello", "--temperature", "0.8", ...tiny]);
    await remember("HELD", ["generate", "hello", "--schema", "city.json", ...tiny]);
  }, 240_000);
  afterAll(async () => {
    vi.unstubAllGlobals();
    for (const { model } of opened.values()) await model.close();
    for (const server of servers) server.close();
    for (const folder of folders) folder.remove();
    here.leave();
  });

  const filled = (args: string[]) =>
    args.map((argument) => ids[argument] ?? { FIRST: servers[0]?.url, OTHER: servers[1]?.url, PORT: String(port) }[argument] ?? argument);

  let runs = 0;
  async function see(args: string[], { asks, isTerminal = false }: Rows): Promise<Seen> {
    const store = `store-${runs++}`;
    cpSync("store-seed", store, { recursive: true });
    const env = { CUTAWAY_DIR: store, CUTAWAY_MODELS: `${here.folder}/models`, HF_ENDPOINT: "http://127.0.0.1:1", PATH: "" };
    const list = async () => JSON.parse((await runInProcess(["list", "--json", "--limit", "1000"], { env })).stdout).calls as { id: string }[];
    const before = (await list()).length;
    for (const server of servers) server.asked.length = 0;
    threadsAsked.length = 0;
    browsers.length = 0;
    const outcome = await runInProcess(filled(args), { env, isTerminal, ...(asks && { meanwhile: asks === "chat" ? askBoth : async () => {} }) });
    const calls = await list();
    const stored = calls.length - before;
    const last = stored > 0 ? JSON.parse((await runInProcess(["show", calls[0]?.id ?? "", "--json"], { env })).stdout) : undefined;
    return {
      ...outcome,
      stdout: timeless(outcome.stdout, args),
      stderr: timeless(outcome.stderr, args),
      asked: servers.map(({ asked }) => structuredClone(asked)),
      threads: [...threadsAsked],
      browsers: browsers.length,
      stored,
      files: scrubbed(outcome.files),
      last: scrubbed(last),
    };
  }

  const rows = Object.entries(optionRows).flatMap(([name, command]) =>
    Object.entries(command.rows).map(([option, row]) => ({ name, option, row, command })),
  );
  const known = new Map<string, Promise<Seen>>();
  const once = (args: string[], command: Rows) => {
    const key = JSON.stringify([args, command.isTerminal]);
    const seen = known.get(key) ?? see(args, command);
    known.set(key, seen);
    return seen;
  };

  test.each(Object.entries(optionRows).filter(([, { rows }]) => Object.keys(rows).length > 0))("%s comes to the same twice", async (_, command) => {
    expect(await see(command.base, command)).toEqual(await once(command.base, command));
  });

  test.each(rows)("$name $option", async ({ row, command }) => {
    const base = [...(row.base ?? command.base), ...(row.beside ?? [])];
    const without = await once(base, command);
    const withIt = await see([...base, ...row.typed], command);
    expect(withIt).not.toEqual(without);
    expect([withIt.error, withIt.stderr]).toEqual([row.refuses, expect.anything()]);
  });
});

const schemaOf = (properties: object) => ({ type: "object", properties, required: Object.keys(properties), additionalProperties: false });

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A call in each API's shape, to the server that is named in what was printed. */
async function askBoth(printed: string): Promise<void> {
  const url = printed.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0];
  for (const [path, headers] of [
    ["/v1/chat/completions", {}],
    ["/v1/messages", { "x-api-key": "key", "anthropic-version": "2023-06-01" }],
  ] as const) {
    const body = JSON.stringify({ model: "tiny", max_tokens: 3, temperature: 0, messages: [{ role: "user", content: "hi" }] });
    await (await fetch(`${url}${path}`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body })).text();
  }
}

/** What differs from one run to the next: times, ids, ports. What was asked for is left out too: an option that is only written down does nothing. */
function scrubbed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(scrubbed);
  if (typeof value === "string") return value.replace(/01[0-9A-HJKMNP-TV-Z]{24}/g, "ID").replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "DATE");
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, field]) =>
      /^(request|instants|installed|bodies|modified|durations|reusedTokens|calls?Per.*|seconds|elapsed|.*Ms|ms|created|issued|receivedAt|response)$/.test(
        key,
      ) ||
      (key === "at" && (typeof field === "number" || /^\d{4}-.*Z$/.test(String(field))))
        ? []
        : [[key, scrubbed(field)]],
    ),
  );
}

function timeless(text: string, args: string[]): unknown {
  try {
    return scrubbed(JSON.parse(text));
  } catch {
    return text.split("\n").map((line) => timelessLine(line, args));
  }
}

/** A line of its own: JSON, or words. */
function timelessLine(line: string, args: string[]): unknown {
  if (line.startsWith("{")) return args.includes("PORT") ? line : scrubbed(JSON.parse(line.replace(/127\.0\.0\.1:\d+|"port":\d+,/g, "")));
  const words = String(scrubbed(line))
    .replace(/\d[\d,.]*( ?(ms|µs|s|min|MB\/s|tokens\/s)\b|\/s)/g, "TIME")
    .replace(/\d\d:\d\d(:\d\d)?/g, "TIME")
    .replace(/store-\d+/g, "store");
  return args.includes("PORT") ? words : words.replace(/127\.0\.0\.1:\d+/g, "ADDRESS");
}
