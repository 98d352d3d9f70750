import type { Call } from "@cutaway/core";
import { useMemo, useState } from "react";
import { type BodyName, bodyUrl } from "../api/client.ts";
import { useFetched } from "../api/use-fetched.ts";
import { prettyBody } from "../format/indent-json.ts";
import { formatBytes } from "../format/numbers.ts";
import { Problem } from "../parts/problem.tsx";
import { go } from "../state/location.ts";
import { BodyText } from "./body-text.tsx";
import { fetchBody } from "./fetch-body.ts";

/** How much of a body is read at first, in bytes: enough for nearly every call, little enough for 100 MB of stream. */
const firstPart = 4_000_000;

/** The bodies as they were on the wire. */
export function RawView({ call, which }: { call: Call; which: BodyName }) {
  const [pretty, setPretty] = useState(true);
  const [limit, setLimit] = useState(firstPart);
  const [round, setRound] = useState(0);
  const recorded = call.bodies?.[which] !== undefined;
  const fetched = useFetched(recorded ? `${call.id} ${which} ${limit}` : undefined, round, (_, signal) => fetchBody(call.id, which, limit, signal));
  const body = fetched.value;
  const text = useMemo(() => (body ? (pretty ? prettyBody(body.text) : body.text) : ""), [body, pretty]);
  return (
    <div className="raw-view" data-testid="raw">
      <div className="tokens-bar">
        <div className="picker" role="group" aria-label="Body">
          {(["request", "response"] as const).map((name) => (
            <button key={name} type="button" aria-pressed={which === name} onClick={() => go({ body: name })}>
              {name}
            </button>
          ))}
        </div>
        <label className="check">
          <input type="checkbox" checked={pretty} onChange={(event) => setPretty(event.target.checked)} /> indent JSON
        </label>
        <small>{body ? `${formatBytes(body.bytes)}${body.isPart ? " read" : ""}` : ""}</small>
        {body?.isPart && (
          <button type="button" onClick={() => setLimit(limit * 8)}>
            Read more
          </button>
        )}
        <span className="push" />
        {recorded && (
          <a href={bodyUrl(call.id, which)} download={`${call.id}.${which}.txt`}>
            Save
          </a>
        )}
      </div>
      {!recorded && <p className="no-text">The {which} body was not recorded.</p>}
      {fetched.state === "failed" && <Problem error={fetched.error} retry={() => setRound(round + 1)} />}
      {recorded && fetched.state === "waiting" && !body && <p className="waiting">Reading …</p>}
      {body && <BodyText key={`${which} ${pretty}`} text={text} />}
    </div>
  );
}
