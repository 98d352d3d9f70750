import type { ApiError } from "../api/api-error.ts";
import type { Fetched } from "../api/use-fetched.ts";
import { Problem } from "../parts/problem.tsx";

/** While something is computed, or where it could not be. */
export function Waiting<T>({ of, what }: { of: Fetched<T>; what: string }) {
  if (of.state === "failed") return <Problem error={of.error as ApiError} />;
  return (
    <p className="waiting" role="status">
      {what} …
    </p>
  );
}
