import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { chatAnswer } from "./bodies.ts";

export interface ServedModel {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** The bodies that were asked, in order. */
  asked: { model: string; max_tokens?: number; temperature?: number }[];
  /** The headers of the last request. */
  headers(): IncomingMessage["headers"];
  close(): void;
}

/** A server that answers every call with what `answer` makes of its number; a text is a whole chat answer. */
export async function serveModel(answer: (number: number, response: ServerResponse) => string | undefined): Promise<ServedModel> {
  const asked: ServedModel["asked"] = [];
  let headers: IncomingMessage["headers"] = {};
  const server = createServer(async (request, response) => {
    if (request.method !== "POST") return void response.writeHead(404).end();
    let body = "";
    for await (const part of request) body += part;
    asked.push(JSON.parse(body));
    headers = request.headers;
    const text = answer(asked.length, response);
    if (text === undefined) return;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(chatAnswer(text, "stop")));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    headers: () => headers,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
