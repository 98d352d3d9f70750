import { copyText } from "../shell/notify.ts";

/** A line to paste into a terminal, with the button that copies it. */
export function CopyLine({ text, what }: { text: string; what: string }) {
  return (
    <div className="copy-line">
      <code>{text}</code>
      <button type="button" className="quiet" onClick={() => copyText(text, what)} aria-label={`Copy ${what}`}>
        copy
      </button>
    </div>
  );
}
