/**
 * UTF-8 of short texts by the ten thousand: tokens and their alternatives. TextEncoder and TextDecoder cost more to enter than a token has to say;
 * ASCII is done here, everything else by them. Invalid bytes become U+FFFD; a byte-order mark is kept.
 */
export function encodeUtf8(text: string): Uint8Array {
  const { length } = text;
  if (length > longest) return encoder.encode(text);
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 127) return encoder.encode(text);
    bytes[i] = code;
  }
  return bytes;
}

export function decodeUtf8(bytes: Uint8Array): string {
  const { length } = bytes;
  if (length > longest) return decoder.decode(bytes);
  let text = "";
  for (let i = 0; i < length; i++) {
    const byte = bytes[i] as number;
    if (byte > 127) return decoder.decode(bytes);
    text += String.fromCharCode(byte);
  }
  return text;
}

const longest = 32;
const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
