import type { Bodies } from "@cutaway/store";
import { html, type Markup } from "./markup.ts";
import { integer } from "./numbers.ts";
import { visible } from "./visible.ts";

/** What a person reads; the whole is in the case at the end of the page. */
const shownBytes = 512 * 1024;

export function bodiesSection(bodies: Bodies): Markup {
  return html`<section><h2>As it was on the wire</h2>${body("Request", bodies.request)}${body("Response", bodies.response)}</section>`;
}

function body(name: string, bytes: Uint8Array | undefined): Markup {
  if (!bytes) return html`<p class="soft">${name}: not recorded.</p>`;
  const text = new TextDecoder().decode(bytes.subarray(0, shownBytes));
  const rest = bytes.length - shownBytes;
  return html`<details><summary>${name} <span class="soft">${integer(bytes.length)} bytes</span></summary><pre>${visible(bytes.length > shownBytes ? text : indented(text))}</pre>${rest > 0 && html`<p class="soft">${integer(rest)} bytes more are in the embedded case.</p>`}</details>`;
}

function indented(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
