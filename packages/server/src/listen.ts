import { once } from "node:events";
import type { Server } from "node:http";
import { CutawayError } from "@cutaway/core";

/** Resolves when the server listens. @throws `port-in-use`, `port-not-allowed`, `host-not-here` */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EADDRINUSE") {
      throw new CutawayError("port-in-use", `port ${port} is in use by another program, perhaps another cutaway`, {
        fix: `Stop that one, or choose another port with --port ${port + 1}.`,
        data: { port },
        cause: error,
      });
    }
    if (code === "EACCES") {
      throw new CutawayError("port-not-allowed", `port ${port} may not be used by you`, {
        fix: "Choose one above 1023 with --port.",
        data: { port },
        cause: error,
      });
    }
    if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") {
      throw new CutawayError("host-not-here", `${host} is no address of this machine`, {
        fix: "Give one of its own addresses.",
        data: { host },
        cause: error,
      });
    }
    throw error;
  }
}
