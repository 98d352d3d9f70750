import type { Session } from "../session.ts";
import { line } from "../terminal/line.ts";
import { counted } from "../terminal/numbers.ts";

/** All references are looked up before anything is deleted: a wrong one deletes nothing. */
export async function run(references: string[], _options: object, session: Session): Promise<undefined> {
  const { out } = session;
  const store = await session.storeThatExists();
  const ids = [...new Set(references.map((reference) => store.resolve(reference)))];
  const deleted = store.delete(ids);
  if (out.json) out.printJson({ schema: "cutaway/delete", version: 1, deleted: ids });
  else out.say(line(`deleted ${counted(deleted, "call")}`));
}
