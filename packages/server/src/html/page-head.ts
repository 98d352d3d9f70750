import { createHash } from "node:crypto";
import { html, type Markup } from "./markup.ts";
import { style } from "./style.ts";
import { visibleText } from "./visible.ts";

/**
 * The beginning of a page that opens anywhere, up to and with `<body>`: no script, nothing loaded, light and dark. A content policy in it
 * forbids all but its own style.
 * more  style of this kind of page, beside that of all
 */
export function pageHead(title: string, more = ""): Markup {
  const css = style + more;
  const styleHash = createHash("sha256").update(css).digest("base64");
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${{ markup: styleHash }}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer"><title>${visibleText(title)} · Cutaway</title><style>${{ markup: css }}</style></head><body>`;
}
