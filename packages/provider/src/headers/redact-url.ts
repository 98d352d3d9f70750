/**
 * A URL without what can hold a secret: user and password, and the values of query parameters named like keys or signatures.
 * Text that is no URL comes back with the same parameters blanked, as far as they can be told.
 */
export function redactUrl(url: string): string {
  return url
    .replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i, "$1")
    .replace(/([?&#;])([^=&#;]{1,80})=([^&#;]*)/g, (whole, before: string, name: string) =>
      isSecretName(name) ? `${before}${name}=REDACTED` : whole,
    );
}

const isSecretName = (name: string) =>
  /^(?:.*[-_])?(?:key|apikey|token|secret|password|passwd|pwd|sig|signature|auth|authorization|credential|code)$/i.test(decoded(name)) ||
  /^(?:x-amz-|x-goog-)/i.test(name);

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
