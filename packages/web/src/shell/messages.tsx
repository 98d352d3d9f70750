import { dismiss, useMessages } from "./notify.ts";

export function Messages() {
  const messages = useMessages();
  return (
    <div className="messages" role="status" aria-live="polite">
      {messages.map(({ id, kind, says, fix }) => (
        <div key={id} className={`message ${kind}`}>
          <span>
            {says} {fix}
          </span>
          <button type="button" className="quiet" onClick={() => dismiss(id)} aria-label="Dismiss">
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
