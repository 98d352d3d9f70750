import { type KeyboardEvent, useMemo, useState } from "react";
import { Dialog } from "../parts/dialog.tsx";
import { type Command, useAllCommands } from "./commands.ts";
import { keyName } from "./key-name.ts";

/** Every command by name. */
export function Palette({ onClose }: { onClose: () => void }) {
  const commands = useAllCommands();
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const found = useMemo(() => matching(commands, typed), [commands, typed]);
  const run = (command: Command | undefined) => {
    onClose();
    command?.run();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === "Enter") run(found[at]);
    else if (event.key === "ArrowDown") setAt(Math.min(found.length - 1, at + 1));
    else if (event.key === "ArrowUp") setAt(Math.max(0, at - 1));
    else return;
    event.preventDefault();
  };
  return (
    <Dialog title="Commands" onClose={onClose} className="palette">
      <input
        autoFocus
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={found[at] ? `palette-${found[at].id}` : undefined}
        aria-label="Find a command"
        placeholder="What to do"
        value={typed}
        spellCheck={false}
        onKeyDown={onKeyDown}
        onChange={(event) => {
          setTyped(event.target.value);
          setAt(0);
        }}
      />
      <div id="palette-list" role="listbox" aria-label="Commands" className="palette-list">
        {found.map((command, i) => (
          <div
            key={command.id}
            id={`palette-${command.id}`}
            role="option"
            aria-selected={i === at}
            onClick={() => run(command)}
            onPointerMove={() => setAt(i)}
          >
            <small>{command.group}</small>
            <span>{command.title}</span>
            {command.keys?.[0] && <kbd>{keyName(command.keys[0])}</kbd>}
          </div>
        ))}
        {found.length === 0 && <p className="fine">No such command.</p>}
      </div>
    </Dialog>
  );
}

/** What is nearest to the open call comes first. */
const groups: readonly Command["group"][] = ["Call", "Tokens", "Calls", "Go", "Page"];

function matching(commands: readonly Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const ordered = commands.toSorted((a, b) => groups.indexOf(a.group) - groups.indexOf(b.group));
  return ordered.filter(({ title, group }) => words.every((word) => `${group} ${title}`.toLowerCase().includes(word)));
}
