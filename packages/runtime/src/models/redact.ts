/** A text of another program without credentials in URLs and without control characters. */
export const redact = (text: string): string =>
  text
    .replace(/\x1b\[[0-9;?]*[ -/]*[@-~]/g, "")
    .replace(/[^\P{C}\n]/gu, "")
    .replace(/(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#]*@/gi, "$1[hidden]@")
    .replace(/([?&][^=&\s]*(?:token|key|secret|password|passwd|auth|sig)[^=&\s]*=)[^&\s"'<>)]+/gi, "$1[hidden]");
