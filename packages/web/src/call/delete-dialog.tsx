import { useState } from "react";
import { api } from "../api/client.ts";
import { asApiError } from "../api/use-fetched.ts";
import { Dialog } from "../parts/dialog.tsx";
import { notify } from "../shell/notify.ts";
import { refreshCalls } from "../state/calls.ts";
import { closeCall } from "../state/location.ts";

export function DeleteDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const [busy, setBusy] = useState(false);
  const remove = async () => {
    setBusy(true);
    try {
      await api.remove(id);
      closeCall();
      notify("done", `Deleted ${id}.`);
      await refreshCalls([id]);
    } catch (failure) {
      const error = asApiError(failure);
      notify("failed", error.message, error.fix);
    }
    onClose();
  };
  return (
    <Dialog title="Delete this call?" onClose={onClose}>
      <p>
        <code>{id}</code> and its findings are removed from the store. This cannot be undone; export a case file first to keep it.
      </p>
      <div className="import-actions">
        <button type="button" className="danger" disabled={busy} onClick={remove}>
          Delete
        </button>
        <button type="button" onClick={onClose}>
          Keep
        </button>
      </div>
    </Dialog>
  );
}
