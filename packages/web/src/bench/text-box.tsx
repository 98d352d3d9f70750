import { useEffect, useId, useRef } from "react";
import { setBenchText, type TextName, useBenchTexts } from "./bench-texts.ts";

/**
 * A text that a person types or pastes. The box keeps it; the bench is told when typing rests, sooner for a short text, and at once of what
 * is pasted: a keystroke in a long text costs what the browser takes for it, and nothing else.
 */
export function TextBox({ name, label, placeholder, rows = 6 }: { name: TextName; label: string; placeholder: string; rows?: number }) {
  const id = useId();
  const box = useRef<HTMLTextAreaElement>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const text = useBenchTexts()[name];
  useEffect(() => {
    if (box.current && box.current.value !== text && timer.current === undefined) box.current.value = text;
  }, [text]);
  useEffect(() => () => clearTimeout(timer.current), []);
  const settle = () => {
    timer.current = undefined;
    if (box.current) setBenchText(name, box.current.value);
  };
  return (
    <div className="text-box">
      <label htmlFor={id} className="unseen">
        {label}
      </label>
      <textarea
        ref={box}
        id={id}
        rows={rows}
        defaultValue={text}
        placeholder={placeholder}
        spellCheck={false}
        autoCapitalize="off"
        autoCorrect="off"
        data-testid={`bench-${name}`}
        onPaste={(event) => {
          const pasted = event.clipboardData.getData("text/plain");
          if (pasted.length < longPaste) return;
          event.preventDefault();
          const { selectionStart, selectionEnd } = event.currentTarget;
          event.currentTarget.setRangeText(pasted, selectionStart, selectionEnd, "end");
          clearTimeout(timer.current);
          settle();
        }}
        onInput={(event) => {
          clearTimeout(timer.current);
          const { inputType } = event.nativeEvent as InputEvent;
          timer.current = setTimeout(settle, inputType === "insertFromPaste" ? 0 : restOf(event.currentTarget.textLength));
        }}
      />
    </div>
  );
}

/** UTF-16 units from which a paste is put in at once: the browser's own way, which can be undone, takes seconds for a long one. */
const longPaste = 50_000;

/** Milliseconds without a keystroke after which the tokens are asked for. */
const restOf = (length: number): number => (length < 20_000 ? 30 : length < 300_000 ? 150 : 400);
