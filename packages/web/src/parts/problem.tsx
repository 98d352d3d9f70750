import type { ApiError } from "../api/api-error.ts";

/** An error as the server words it: what was wrong, and what to do. */
export function Problem({ error, retry }: { error: ApiError; retry?: () => void }) {
  return (
    <div className="problem-box" role="alert">
      <p>
        <b>{error.message}</b> <code>{error.code}</code>
      </p>
      {error.fix && <p>{error.fix}</p>}
      {retry && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
