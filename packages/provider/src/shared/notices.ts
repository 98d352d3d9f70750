import type { Push } from "../codec.ts";

export interface NoticePad {
  add(code: string, says: string): void;
  /** Pushes how many were held back. */
  flush(): void;
}

/** Notices of one call, at most ten of a code: a broken stream of a million lines says so once, not a million times. */
export function noticePad(push: Push): NoticePad {
  const seen = new Map<string, number>();
  return {
    add(code, says) {
      const count = (seen.get(code) ?? 0) + 1;
      seen.set(code, count);
      if (count <= most) push({ type: "notice", notice: { code, says } });
    },
    flush() {
      for (const [code, count] of seen) {
        if (count > most) push({ type: "notice", notice: { code, says: `${count - most} more of the same` } });
      }
      seen.clear();
    },
  };
}

const most = 10;
