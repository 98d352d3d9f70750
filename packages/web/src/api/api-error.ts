/** What the server says went wrong, and what to do; or that it was not reached. */
export class ApiError extends Error {
  readonly code: string;
  readonly fix: string | undefined;

  constructor(code: string, message: string, fix?: string) {
    super(message);
    this.name = "ApiError";
    this.code = code;
    this.fix = fix;
  }
}

/** The error in an answer's body, or what its status says where the body holds none. */
export function errorOf(status: number, text: string): ApiError {
  try {
    const { error } = JSON.parse(text) as { error: { code: string; message: string; fix?: string | null } };
    return new ApiError(error.code, error.message, error.fix ?? undefined);
  } catch {
    return new ApiError(`http-${status}`, `the server answered with status ${status}`);
  }
}
