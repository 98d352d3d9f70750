import { openBrowser } from "../serve/open-browser.ts";
import { ensureWeb, type ServeOptions, serve } from "../serve/serve.ts";
import type { Session } from "../session.ts";

export interface ViewOptions extends ServeOptions {
  open: boolean;
}

/** Opens the browser only where a person sits in front of it: never in CI or behind a pipe. */
export async function run([reference]: string[], options: ViewOptions, session: Session): Promise<undefined> {
  const { out, env } = session;
  const id = reference === undefined ? undefined : (await session.storeThatExists()).resolve(reference);
  await ensureWeb(session);
  if (session.interrupted.aborted) return;
  await serve(options, session, {
    path: id === undefined ? "" : `/?call=${id}`,
    ready(address) {
      if (options.open && out.interactive && !out.json && !env.CI) openBrowser(address);
    },
  });
}
