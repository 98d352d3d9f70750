import { type ServeOptions, serve } from "../serve/serve.ts";
import type { Session } from "../session.ts";

export const run = (_args: string[], options: ServeOptions, session: Session): Promise<undefined> => serve(options, session);
