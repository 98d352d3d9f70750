import { useEffect } from "react";
import { dropOnBench } from "./bench/bench-drop.ts";
import { BenchView } from "./bench/bench-view.tsx";
import { CallView } from "./call/call-view.tsx";
import { DeleteDialog } from "./call/delete-dialog.tsx";
import { ReplayForm } from "./call/replay-form.tsx";
import { DiffView } from "./diff/diff-view.tsx";
import { ModelPage } from "./inside/model-page.tsx";
import { CallsList } from "./list/calls-list.tsx";
import { ImportBox } from "./list/import-box.tsx";
import { ListFoot } from "./list/list-foot.tsx";
import { Dialog } from "./parts/dialog.tsx";
import { useMedia } from "./parts/use-media.ts";
import { VerifyForm } from "./proof/verify-form.tsx";
import { useCommands } from "./shell/commands.ts";
import { closeDialog, openDialog, useDialog } from "./shell/dialogs.ts";
import { DropTarget } from "./shell/drop-target.tsx";
import { Help } from "./shell/help.tsx";
import { importFiles } from "./shell/import-files.ts";
import { Messages } from "./shell/messages.tsx";
import { Palette } from "./shell/palette.tsx";
import { TopBar } from "./shell/top-bar.tsx";
import { usePaste } from "./shell/use-paste.ts";
import { filterCalls } from "./state/calls.ts";
import { goBench, goModel, usePlace } from "./state/location.ts";
import { changeSettings, nextTheme, useSettings } from "./state/settings.ts";

/** List on the left, the call in the middle, the inspector on the right; without an open call, the list is all. */
export function App() {
  const { q, model, finding, call, against, bench, alone } = usePlace();
  const { theme, density } = useSettings();
  useEffect(() => {
    void filterCalls({ q, model, finding });
  }, [q, model, finding]);
  useCommands([
    { id: "palette", title: "All commands", keys: ["mod+k"], group: "Go", run: () => openDialog({ name: "palette" }) },
    { id: "help", title: "Keys", keys: ["?"], group: "Page", run: () => openDialog({ name: "help" }) },
    { id: "bench", title: "Tokenizer bench", keys: ["b"], group: "Go", run: () => goBench({}) },
    { id: "models", title: "Local models", keys: ["M"], group: "Go", run: () => goModel({}) },
    { id: "import", title: "Import a call", keys: ["i"], group: "Calls", run: () => openDialog({ name: "import" }) },
    { id: "theme", title: `Theme: ${theme}; change to ${nextTheme(theme)}`, group: "Page", run: () => changeSettings({ theme: nextTheme(theme) }) },
    {
      id: "density",
      title: density === "compact" ? "More room" : "Less room",
      group: "Page",
      run: () => changeSettings({ density: density === "compact" ? "roomy" : "compact" }),
    },
  ]);
  const isSmall = useMedia("(max-width: 700px)");
  const shape = bench ? "bench" : alone ? "models" : call === undefined ? "list" : against === undefined ? "call" : "diff";
  usePaste(shape === "list");
  return (
    <div className="app" data-shape={shape}>
      <TopBar />
      {bench ? (
        <BenchView place={bench} />
      ) : alone ? (
        <ModelPage place={alone} />
      ) : (
        <div className="panes">
          <nav className="pane-list" aria-label="Calls">
            <CallsList narrow={shape !== "list" || isSmall} />
            <ListFoot />
          </nav>
          {call !== undefined && against === undefined && <CallView key={call} id={call} />}
          {call !== undefined && against !== undefined && <DiffView a={call} b={against} />}
        </div>
      )}
      <OpenDialog call={call} />
      {bench ? <DropTarget says="Drop a text or a tokenizer" onFiles={dropOnBench} /> : <DropTarget says="Drop to explain" onFiles={importFiles} />}
      <Messages />
    </div>
  );
}

function OpenDialog({ call }: { call: string | undefined }) {
  const dialog = useDialog();
  switch (dialog?.name) {
    case "palette":
      return <Palette onClose={closeDialog} />;
    case "help":
      return <Help onClose={closeDialog} />;
    case "import":
      return (
        <Dialog title="Import a call" onClose={closeDialog}>
          <ImportBox onImported={closeDialog} />
        </Dialog>
      );
    case "replay":
      return call === undefined ? null : <ReplayForm id={call} set={dialog.set} local={dialog.local} onClose={closeDialog} />;
    case "verify":
      return call === undefined ? null : <VerifyForm id={call} rule={dialog.rule} onClose={closeDialog} />;
    case "delete":
      return <DeleteDialog id={dialog.id} onClose={closeDialog} />;
    case undefined:
      return null;
  }
}
