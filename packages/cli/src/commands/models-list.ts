import { plain } from "@cutaway/core";
import { type ListedModel, listModels, modelsFolder } from "@cutaway/runtime/models";
import type { Session } from "../session.ts";
import { dim, line, type Piece, piece } from "../terminal/line.ts";
import { bytes } from "../terminal/numbers.ts";
import { type Column, table } from "../terminal/table.ts";

const columns: Column[] = [
  { header: "name" },
  { header: "state" },
  { header: "size", align: "right" },
  { header: "from", least: 12, optional: 1 },
  { header: "about", least: 12, optional: 2 },
];

export async function run(_args: string[], _options: object, session: Session): Promise<undefined> {
  const { out, env } = session;
  const models = listModels(env);
  const folder = modelsFolder(env);
  if (out.json) {
    out.printJson({ schema: "cutaway/models", version: 1, folder, models: models.map(modelToJson) });
    return;
  }
  const rows = models.map((model) => [
    model.name,
    stateOf(model),
    bytes(model.size),
    model.source ?? "",
    dim(model.registered ? `${model.registered.says}, ${model.registered.licence}` : ""),
  ]);
  out.print(...table(columns, rows, out.width));
  out.say(line(dim(`models folder: ${session.pathForPeople(folder)}`)));
}

const stateOf = ({ state }: ListedModel): Piece =>
  state === "here" ? piece(state, "good") : state === "damaged" ? piece(state, "problem") : state === "absent" ? dim(state) : piece(state);

function modelToJson({ registered, ...model }: ListedModel) {
  const unknown = { path: null, sha256: null, source: null, installed: null };
  const known = registered && { says: registered.says, licence: registered.licence, sha256: registered.sha256 };
  return { ...unknown, says: null, licence: null, ...known, ...(plain(model) as object) };
}
