/** 1204 → `1,204`. */
export function count(value: number): string {
  const [whole = "", part] = String(value).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return part === undefined ? grouped : `${grouped}.${part}`;
}

/** `1 token`, `1,204 tokens`. */
export const counted = (value: number, noun: string, plural = `${noun}s`): string => `${count(value)} ${value === 1 ? noun : plural}`;

/** US dollars with three significant digits below a dollar, two decimals above: `$0.000181`, `$12.40`. */
export function usd(value: number): string {
  if (value === 0) return "$0";
  const sign = value < 0 ? "-" : "";
  const size = Math.abs(value);
  if (size >= 1) return `${sign}$${count(Number(size.toFixed(2)))}${/\.\d$/.test(String(Number(size.toFixed(2)))) ? "0" : ""}`;
  return `${sign}$${decimal(size, 3)}`;
}

/** US dollars to the last digit that arithmetic on prices can give, for lines that must add up. */
export const usdExact = (value: number): string => `$${Number(value.toFixed(12)).toLocaleString("en-US", { maximumFractionDigits: 12 })}`;

/** 410 → `410 ms`, 1534 → `1.53 s`, 72000 → `1 min 12 s`. */
export function milliseconds(value: number): string {
  if (value < 10) return `${Number(value.toFixed(1))} ms`;
  if (value < 999.5) return `${Math.round(value)} ms`;
  if (value < 59_950) return `${(value / 1000).toFixed(value < 9_995 ? 2 : 1)} s`;
  const seconds = Math.round(value / 1000);
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** 1536 → `1.5 kB`; decimal units. */
export function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  const units = ["kB", "MB", "GB", "TB"];
  let scaled = value;
  let unit = -1;
  while (scaled >= 1000 && unit < units.length - 1) {
    scaled /= 1000;
    unit++;
  }
  return `${scaled < 10 ? scaled.toFixed(1) : Math.round(scaled)} ${units[unit]}`;
}

/** 0.264 → `26 %`; shares that are neither nothing nor everything never show as `0 %` or `100 %`. */
export function percent(share: number): string {
  const value = share * 100;
  if (value > 0 && value < 1) return "<1 %";
  if (value > 99 && value < 100) return ">99 %";
  return `${Math.round(value)} %`;
}

/** A natural log of a probability as a probability: `97 %`, `0.4 %`, `0.0012 %`. */
export function probability(logprob: number): string {
  const value = Math.exp(logprob) * 100;
  if (value >= 10) return `${value.toFixed(value > 99 && value < 100 ? 1 : 0)} %`;
  return value === 0 ? "0 %" : `${decimal(value, 2)} %`;
}

/** Significant digits without an exponent, trailing zeros cut. */
function decimal(value: number, digits: number): string {
  const places = Math.max(0, digits - 1 - Math.floor(Math.log10(value)));
  return value
    .toFixed(Math.min(places, 20))
    .replace(/(\.\d*?)0+$/, "$1")
    .replace(/\.$/, "");
}
