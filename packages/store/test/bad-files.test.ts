import { chmodSync, closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { newCallId } from "@cutaway/core";
import { afterAll, beforeEach, describe, expect, test } from "vitest";
import { openStore } from "../src/index.ts";
import { migrate } from "../src/migrate.ts";
import { migrations } from "../src/migrations.ts";
import { openDatabase } from "../src/open-database.ts";
import { storeOver } from "../src/open-store.ts";
import { sampleCall } from "../src/testing.ts";

const folder = mkdtempSync(join(tmpdir(), "cutaway-bad-files-"));
afterAll(() => rmSync(folder, { recursive: true }));

let path = "";
beforeEach(() => {
  path = join(folder, `${newCallId()}.db`);
});

const withCode = (code: string) => expect.objectContaining({ code, fix: expect.stringMatching(/\w/), message: expect.stringContaining(path) });

const filled = (count: number) => {
  const store = openStore(path);
  const ids = Array.from({ length: count }, () => store.put(sampleCall({ prompt: "x".repeat(2000) })).id);
  store.close();
  return ids;
};

describe("a file that is not ours is refused and left as it is", () => {
  test.each([
    ["text", "not-a-store", () => writeFileSync(path, "model: gpt-4o\n".repeat(500))],
    ["a header and nothing sensible after it", "not-a-store", () => writeFileSync(path, `SQLite format 3\0${"\xff".repeat(5000)}`, "latin1")],
    [
      "another program's database",
      "not-a-store",
      () => {
        const db = new DatabaseSync(path);
        db.exec("create table notes (text)");
        db.close();
      },
    ],
    [
      "a store of a later version",
      "store-newer",
      () => {
        openStore(path).close();
        const db = new DatabaseSync(path);
        db.exec(`pragma user_version = ${migrations.length + 1}`);
        db.close();
      },
    ],
  ])("%s", (_, code, make) => {
    make();
    const before = readFileSync(path);
    expect(() => openStore(path)).toThrow(withCode(code));
    expect(readFileSync(path).equals(before)).toBe(true);
  });
});

test("a folder that is missing, and a folder in place of the file", () => {
  path = join(folder, "missing", "calls.db");
  expect(() => openStore(path)).toThrow(withCode("store-cannot-open"));
  path = join(folder, `${newCallId()}.db`);
  mkdirSync(path);
  expect(() => openStore(path)).toThrow(withCode("store-cannot-open"));
});

test.skipIf(process.getuid?.() === 0)("a file without write permission", () => {
  filled(1);
  chmodSync(path, 0o444);
  const store = openStore(path);
  expect(() => store.put(sampleCall())).toThrow(withCode("store-read-only"));
  store.close();
});

test("a database that lets nobody write", () => {
  const db = openDatabase(path);
  const store = storeOver(db, path);
  db.exec("pragma query_only = on");
  expect(() => store.put(sampleCall())).toThrow(withCode("store-read-only"));
  store.close();
});

test("a file cut short or overwritten in the middle: an error or whole calls, never half of one", () => {
  const ids = filled(40);
  const whole = readFileSync(path);
  let refused = 0;
  for (let round = 0; round < 30; round++) {
    writeFileSync(path, whole);
    if (round % 2) truncateSync(path, Math.floor((whole.length * (round + 1)) / 32));
    else overwrite(path, Math.floor((whole.length * round) / 30), 600);
    try {
      const store = openStore(path);
      try {
        store.list();
        for (const id of ids) expect(store.get(id)?.call.id ?? id).toBe(id);
      } finally {
        store.close();
      }
    } catch (error) {
      expect(["store-corrupt", "not-a-store", "store-io", "store-failed"]).toContain((error as { code?: string }).code);
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(5);
});

test.each(["documents", "search_index_config"])("a store whose table %s is gone is damaged", (table) => {
  filled(1);
  const db = new DatabaseSync(path, { defensive: false });
  db.exec(`drop table ${table}`);
  db.close();
  expect(() => openStore(path).list({ search: "xxxx" })).toThrow(withCode("store-corrupt"));
});

test("a full disk: the call that does not fit is not there, those before it are, and there is room again after a delete", () => {
  const db = openDatabase(path);
  const store = storeOver(db, path);
  const pages = Number(db.prepare("pragma page_count").get()?.page_count);
  db.exec(`pragma max_page_count = ${pages + 60}`);
  const kept: ReturnType<typeof newCallId>[] = [];
  const noise = (n: number) => Array.from({ length: 6000 }, (_, i) => String.fromCharCode(33 + ((i * i * (n + 7)) % 90))).join("");
  const fill = () => {
    for (let n = 0; n < 200; n++) kept.push(store.put(sampleCall({ prompt: noise(n) })).id);
  };
  expect(fill).toThrow(withCode("store-full"));
  expect(kept.length).toBeGreaterThan(0);
  expect(store.list({ limit: 500 }).rows.map(({ id }) => id)).toEqual(kept.toSorted().reverse());
  expect(store.changedSince(0).ids).toEqual(kept);
  for (const id of kept) expect(store.get(id)?.call.ending).toBe("complete");
  store.delete(kept.splice(0, 2));
  kept.push(store.put(sampleCall()).id);
  store.close();
  const again = openStore(path);
  expect(again.list().rows).toHaveLength(kept.length);
  again.close();
});

test("a write lock that another process does not give back", () => {
  const store = storeOver(openDatabase(path), path);
  const other = new DatabaseSync(path);
  other.exec("begin immediate");
  const impatient = openStore(path, { patience: 30 });
  expect(() => impatient.put(sampleCall())).toThrow(withCode("store-locked"));
  expect(store.list().rows).toEqual([]);
  other.exec("rollback");
  expect(impatient.put(sampleCall()).ending).toBe("complete");
  for (const db of [store, other, impatient]) db.close();
});

test("a closed store says so", () => {
  const store = openStore(path);
  store.close();
  store.close();
  expect(() => store.list()).toThrow(expect.objectContaining({ code: "store-closed" }));
});

describe("migration", () => {
  const steps = [
    ...migrations,
    { says: "a column", run: (db: DatabaseSync) => db.exec("alter table calls add column rating integer; update calls set rating = 1") },
  ];

  test("brings an old file to the new schema with its calls", () => {
    const [id] = filled(1);
    const db = new DatabaseSync(path);
    migrate(db, path, steps);
    expect({ ...db.prepare("select id, rating from calls").get() }).toEqual({ id, rating: 1 });
    expect(db.prepare("pragma user_version").get()?.user_version).toBe(steps.length);
    migrate(db, path, steps);
    db.close();
    expect(() => openStore(path)).toThrow(withCode("store-newer"));
  });

  test("gives the calls of the first schema the date of their answers", () => {
    const db = new DatabaseSync(path);
    migrate(db, path, migrations.slice(0, 1));
    db.exec(`insert into calls (seq, id, origin, finish, ending, preview) values (1, 'A', 'file', '[]', 'complete', ''), (2, 'B', 'file', '[]', 'none', '');
      insert into documents (call, json) values (1, '{"response":{"created":1795000000}}'), (2, '{}')`);
    migrate(db, path, migrations);
    expect(
      db
        .prepare("select created from calls order by seq")
        .all()
        .map(({ created }) => created),
    ).toEqual([1_795_000_000_000, null]);
    db.close();
  });

  test("shows the calls of the second schema as calls of nobody's experiment", () => {
    const db = new DatabaseSync(path);
    migrate(db, path, migrations.slice(0, 2));
    db.exec("insert into calls (seq, id, origin, finish, ending, preview) values (1, 'A', 'file', '[]', 'complete', '')");
    db.close();
    const store = openStore(path);
    expect(store.list().rows.map(({ id }) => id)).toEqual(["A"]);
    expect(store.experiments()).toEqual([]);
    store.close();
  });

  test("is all or nothing", () => {
    filled(1);
    const db = new DatabaseSync(path);
    const failing = { says: "fails", run: (inner: DatabaseSync) => inner.exec("create table later (x); select no_such_function()") };
    expect(() => migrate(db, path, [...steps, failing])).toThrow();
    expect(db.prepare("pragma user_version").get()?.user_version).toBe(migrations.length);
    expect(db.prepare("select name from sqlite_schema where name = 'later'").all()).toEqual([]);
    db.close();
    const store = openStore(path);
    expect(store.list().rows).toHaveLength(1);
    store.close();
  });
});

function overwrite(file: string, at: number, length: number): void {
  const handle = openSync(file, "r+");
  writeSync(handle, Buffer.alloc(length, 0xa5), 0, length, at);
  closeSync(handle);
}
