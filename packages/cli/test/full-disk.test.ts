import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CutawayError } from "@cutaway/core";
import { openStore } from "@cutaway/store";
import { afterAll, describe, expect, it } from "vitest";
import { run as explain } from "../src/commands/explain.ts";
import { run as importCalls } from "../src/commands/import.ts";
import type { Output } from "../src/output.ts";
import type { Session } from "../src/session.ts";
import { cutPair, healthyPair } from "./bodies.ts";

const folder = mkdtempSync(join(tmpdir(), "cutaway-full-"));
const many = join(folder, "many.jsonl");
writeFileSync(many, `${cutPair()}\n${healthyPair()}\n`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A session whose store takes `room` calls, and what the commands wrote to standard output. */
function fullAfter(room: number) {
  const whole = openStore(":memory:");
  let left = room;
  const store: typeof whole = {
    ...whole,
    put(entry) {
      if (left-- > 0) return whole.put(entry);
      throw new CutawayError("store-full", "data file: the disk is full", { fix: "Free some space on the disk." });
    },
  };
  const printed: string[] = [];
  const out: Output = {
    width: 100,
    json: false,
    quiet: true,
    colour: false,
    live: false,
    interactive: false,
    print: (...lines) => void printed.push(...lines.map((line) => line.map(({ text }) => text).join(""))),
    printJson: () => {},
    write: () => {},
    say: () => {},
    complain: () => {},
    status: () => {},
  };
  const session: Session = {
    out,
    env: {},
    interrupted: new AbortController().signal,
    dataDirectory: folder,
    store: async () => store,
    storeIfAny: async () => store,
    storeThatExists: async () => store,
    pathForPeople: (path) => path,
  };
  return { session, printed, ids: () => whole.list().rows.map(({ id }) => id) };
}

const storeFull = (says: string) => expect.objectContaining({ code: "store-full", kind: "usage", message: expect.stringContaining(says) });

describe("a disk that fills up", () => {
  it("import names the calls it stored before, and how many", async () => {
    const { session, printed, ids } = fullAfter(1);
    await expect(importCalls([many, many], {}, session)).rejects.toEqual(storeFull("; 1 call was stored before that"));
    expect(printed).toEqual(ids());
    expect(printed).toHaveLength(1);
  });

  it("explain says how many it kept, and explains them", async () => {
    const { session, printed } = fullAfter(1);
    await expect(explain([many], { store: true }, session)).rejects.toEqual(storeFull("; 1 call was stored before that"));
    expect(printed.join("\n")).toContain("cut.output-cap");
    await expect(explain([many], { store: true }, fullAfter(0).session)).rejects.toEqual(storeFull("; no call was stored"));
  });
});
