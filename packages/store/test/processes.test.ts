import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import type { CallId } from "@cutaway/core";
import { afterAll, expect, test } from "vitest";
import { openStore } from "../src/index.ts";

const folder = mkdtempSync(join(tmpdir(), "cutaway-processes-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** A process that puts calls and prints each id once `put` has returned. */
const startWriter = (path: string, count: number) => start("writer.ts", path, String(count));

/** A process that does what is left of an experiment of 40 calls, and prints the key of each row once `put` has returned. */
const startExperimenter = (path: string) => start("experimenter.ts", path, "40");

const start = (program: string, ...args: string[]) =>
  spawn(process.execPath, ["--conditions=@cutaway/source", fileURLToPath(new URL(`fixtures/${program}`, import.meta.url)), ...args], {
    stdio: ["ignore", "pipe", "inherit"],
  });

const linesOf = async (child: ReturnType<typeof startWriter>, onLine: (line: string) => void) => {
  for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) onLine(line);
};

test("three processes write at once: no call is lost, every change is seen", async () => {
  const path = join(folder, "shared.db");
  const writers = [startWriter(path, 60), startWriter(path, 60), startWriter(path, 60)];
  const written: string[] = [];
  await Promise.all(writers.map((writer) => linesOf(writer, (line) => written.push(line))));
  const store = openStore(path);
  const seen = store.changedSince(0).ids;
  expect(written).toHaveLength(180);
  expect(seen.toSorted()).toEqual(written.toSorted());
  for (const id of written) expect(store.get(id as CallId)?.call.ending).toBe("complete");
  store.close();
});

test("kill -9 in the middle of writing: every put that returned is there, and whole", async () => {
  const path = join(folder, "killed.db");
  const written: string[] = [];
  for (let round = 0; round < 5; round++) {
    const writer = startWriter(path, 100_000);
    const killAt = written.length + 3 + round * 7;
    const exit = once(writer, "exit");
    await linesOf(writer, (line) => {
      written.push(line);
      if (written.length === killAt) writer.kill("SIGKILL");
    });
    await exit;
  }
  const store = openStore(path);
  for (const id of written) expect(store.get(id as CallId)?.call.ending).toBe("complete");
  expect(written.length).toBeGreaterThanOrEqual(31);
  expect(store.changedSince(0).ids.length).toBeGreaterThanOrEqual(written.length);
  store.close();
});

test("kill -9 in the middle of an experiment: a planned call is there with its row or not at all, and none is made twice", async () => {
  const path = join(folder, "experiment.db");
  const done: string[] = [];
  for (const killAt of [1, 4, 11, 19, 26, 33, Number.POSITIVE_INFINITY]) {
    const experimenter = startExperimenter(path);
    const exit = once(experimenter, "exit");
    await linesOf(experimenter, (line) => {
      done.push(line);
      if (done.length === killAt) experimenter.kill("SIGKILL");
    });
    await exit;
    const store = openStore(path);
    const rows = store.rows("e");
    const calls = store.list({ experiment: "any", limit: 500 }).rows;
    expect(rows.map(({ call }) => call).toSorted()).toEqual(calls.map(({ id }) => id).toSorted());
    for (const { call } of rows) expect(store.get(call)?.call.ending).toBe("complete");
    const keys = rows.map(({ key }) => key);
    expect(done.filter((key) => !keys.includes(key))).toEqual([]);
    if (killAt === Number.POSITIVE_INFINITY) expect(rows).toHaveLength(40);
    store.close();
  }
  expect(new Set(done).size).toBe(done.length);
});
