import { CutawayError } from "@cutaway/core";

/** Bytes as UTF-8 with nothing before the text: a byte order mark is dropped, UTF-16 is converted, whatever is not text is refused. */
export function textBytes(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return textBytes(bytes.subarray(3), name);
  const wide = wideEncoding(bytes);
  if (wide) return new TextEncoder().encode(new TextDecoder(wide).decode(bytes));
  const magic = magicOf(bytes);
  if (magic) throw binary(`${name} is ${magic.what}, not text`, magic.fix);
  if (bytes.subarray(0, 4096).includes(0))
    throw binary(`${name} is binary data, not text`, "Hand over JSON, server-sent events, a cURL command, HAR or JSONL.");
  return bytes;
}

const binary = (says: string, fix: string) => new CutawayError("binary-input", says, { fix });

function wideEncoding(bytes: Uint8Array): "utf-16le" | "utf-16be" | undefined {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return "utf-16be";
  if (bytes.length < 4) return undefined;
  if (bytes[0] !== 0 && bytes[1] === 0 && bytes[2] !== 0 && bytes[3] === 0) return "utf-16le";
  if (bytes[0] === 0 && bytes[1] !== 0 && bytes[2] === 0 && bytes[3] !== 0) return "utf-16be";
  return undefined;
}

function magicOf(bytes: Uint8Array): { what: string; fix: string } | undefined {
  const head = [...bytes.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  if (head.startsWith("1f8b")) return { what: "gzip-compressed", fix: "Unpack it first: gunzip -c FILE | cutaway explain -" };
  if (head === "28b52ffd") return { what: "zstd-compressed", fix: "Unpack it first: zstd -dc FILE | cutaway explain -" };
  if (head === "504b0304") return { what: "a zip archive", fix: "Unpack it first." };
  if (head === "25504446") return { what: "a PDF", fix: "Hand over the call's JSON instead." };
  if (head === "53514c69")
    return { what: "an SQLite database", fix: "If it is a store, set CUTAWAY_DIR to its folder: cutaway list then shows its calls." };
  return undefined;
}
