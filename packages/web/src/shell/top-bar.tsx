import { ListBar } from "../list/list-bar.tsx";
import { Logo } from "../parts/logo.tsx";
import { useAbout } from "../state/about.ts";
import { useConnection } from "../state/live.ts";
import { closeCall, goBench, goModel, usePlace } from "../state/location.ts";
import { changeSettings, nextTheme, useSettings } from "../state/settings.ts";
import { openDialog } from "./dialogs.ts";
import { keyName } from "./key-name.ts";

const says = { connecting: "connecting", live: "live", lost: "not connected" } as const;
const themeGlyph = { system: "◐", dark: "●", light: "○" } as const;

export function TopBar() {
  const about = useAbout();
  const connection = useConnection();
  const { theme } = useSettings();
  const { bench, alone } = usePlace();
  return (
    <header className="top-bar">
      <button type="button" className="brand" onClick={closeCall} title={about ? `Cutaway ${about.version}, ${about.store}` : "Cutaway"}>
        <Logo /> cutaway
      </button>
      <nav className="pages" aria-label="Pages">
        <button type="button" aria-current={bench || alone ? undefined : "page"} onClick={closeCall}>
          Calls
        </button>
        <button type="button" aria-current={bench ? "page" : undefined} onClick={() => goBench({})}>
          Tokenizers
        </button>
        <button type="button" aria-current={alone ? "page" : undefined} onClick={() => goModel({})}>
          Models
        </button>
      </nav>
      {!bench && !alone && <ListBar />}
      <span className="push" />
      <span
        className={`connection ${connection}`}
        role="status"
        title={connection === "lost" ? "The server does not answer. Start it again with: npx cutaway view" : "New calls appear as they happen"}
      >
        <i aria-hidden="true" /> {says[connection]}
      </span>
      <button
        type="button"
        className="quiet"
        onClick={() => changeSettings({ theme: nextTheme(theme) })}
        aria-label={`Theme: ${theme}. Change`}
        title={`Theme: ${theme}`}
      >
        {themeGlyph[theme]}
      </button>
      <button type="button" className="quiet" onClick={() => openDialog({ name: "palette" })} aria-label="Commands" title="Commands">
        {keyName("mod+k")}
      </button>
      <button type="button" className="quiet" onClick={() => openDialog({ name: "help" })} aria-label="Keys" title="Keys">
        ?
      </button>
    </header>
  );
}
