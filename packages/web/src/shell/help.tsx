import { Dialog } from "../parts/dialog.tsx";
import { type Command, useAllCommands } from "./commands.ts";
import { keyName } from "./key-name.ts";

const groups = ["Go", "Calls", "Call", "Tokens", "Page"] as const;
const strip: readonly (readonly [string, string])[] = [
  ["← →", "Token before, after (in the strip)"],
  ["↑ ↓", "Token above, below (in the strip)"],
  ["Home End", "First, last token (in the strip)"],
];

/** The keys that work where the user is now. */
export function Help({ onClose }: { onClose: () => void }) {
  const commands = useAllCommands();
  return (
    <Dialog title="Keys" onClose={onClose} className="help">
      <div className="help-groups">
        {groups.map((group) => (
          <Group key={group} name={group} commands={commands.filter((command) => command.group === group && command.keys)} />
        ))}
      </div>
    </Dialog>
  );
}

function Group({ name, commands }: { name: string; commands: readonly Command[] }) {
  if (commands.length === 0) return null;
  return (
    <section>
      <h3 className="rule">
        <span>{name}</span>
      </h3>
      <dl>
        {commands.map(({ id, title, keys }) => (
          <div key={id}>
            <dt>
              {keys?.map((key) => (
                <kbd key={key}>{keyName(key)}</kbd>
              ))}
            </dt>
            <dd>{title}</dd>
          </div>
        ))}
        {name === "Tokens" &&
          strip.map(([keys, title]) => (
            <div key={keys}>
              <dt>
                <kbd>{keys}</kbd>
              </dt>
              <dd>{title}</dd>
            </div>
          ))}
      </dl>
    </section>
  );
}
