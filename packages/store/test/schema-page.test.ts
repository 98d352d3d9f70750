import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { openDatabase } from "../src/open-database.ts";

test("docs/store.md shows the tables and columns that the store makes", () => {
  const page = readFileSync(fileURLToPath(new URL("../../../docs/store.md", import.meta.url)), "utf8");
  const documented = new Map(
    [...page.matchAll(/^### `(\w+)`\n([\s\S]*?)(?=^#)/gm)].map(([, table, text]) => [
      table,
      [...(text as string).matchAll(/^\| `(\w+)`/gm)].map(([, column]) => column),
    ]),
  );
  const db = openDatabase(":memory:");
  const tables = db
    .prepare(
      "select name from sqlite_schema where type = 'table' and name not like 'sqlite\\_%' escape '\\' and name not like 'search\\_index\\__%' escape '\\'",
    )
    .all();
  const real = new Map(
    tables.map(({ name }) => [
      name,
      db
        .prepare(`select name from pragma_table_info('${name}')`)
        .all()
        .map((column) => column.name),
    ]),
  );
  db.close();
  expect(documented).toEqual(real);
});
