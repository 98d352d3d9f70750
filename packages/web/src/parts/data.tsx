import { visible } from "../format/visible.ts";
import { CopyLine } from "./copy-line.tsx";

/** The figures behind a drawing as they are stored, and the command that prints them. */
export function Data({ command, json }: { command: string; json: unknown }) {
  const text = JSON.stringify(json, null, 2);
  return (
    <details className="data">
      <summary>data and command</summary>
      <CopyLine text={command} what="the command" />
      <pre className="text" dir="ltr">
        {text
          .slice(0, longest)
          .toWellFormed()
          .replace(/[^\n]+/g, visible)}
        {text.length > longest && "\n…"}
      </pre>
    </details>
  );
}

/** UTF-16 code units of JSON that are shown; the command prints all. */
const longest = 60_000;
